// Several processes of one hub on one database: two that serve, one that works.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let [api, secondApi, worker]: (TestHub | undefined)[] = [];
const started = (hub: TestHub | undefined): TestHub => {
  if (!hub) throw new Error('not started');
  return hub;
};

beforeAll(async () => {
  api = await startTestHub({ FAIRLEAD_ROLE: 'api' });
  const database = { FAIRLEAD_DATABASE_URL: api.databaseUrl };
  secondApi = await startTestHub({ FAIRLEAD_ROLE: 'api', ...database });
  worker = await startTestHub({ FAIRLEAD_ROLE: 'worker', ...database });
});
afterAll(async () => {
  await worker?.stop();
  await secondApi?.stop();
  await api?.stop();
});

describe('replicas', () => {
  it('tell each other what one of them changed', async () => {
    const feed = await started(secondApi).subscribe<{ activity: { message: string; environment: string } }>(
      'subscription { activity(filter: { kind: ["environment.saved"] }) { message environment } }',
    );
    await started(api).graphql(
      'mutation { saveEnvironment(input: { name: "dev", selector: "env=dev" }) { environment { name } } }',
    );
    expect((await feed.next()).activity.environment).toBe('dev');
    feed.stop();
  });

  it('that only work serve nobody, and say how they are', async () => {
    const { url } = started(worker);
    expect((await fetch(`${url}/graphql`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, missing: {} });
  });
});
