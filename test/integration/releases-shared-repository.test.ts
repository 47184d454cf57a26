import { afterAll, beforeAll, expect, it } from 'vitest';
import { application, refresh, saveApplication, savePath } from '../support/applications.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const names = ['api', 'worker', 'web'];
let hub: TestHub;
let repository: TestRepository;

beforeAll(async () => {
  // Long enough that a person's refresh comes first after a commit, short enough to wait for.
  hub = await startTestHub({ FAIRLEAD_GIT_INTERVAL: '2s' });
  repository = makeRepository();
  await savePath(hub, 'standard', ['dev']);
});
afterAll(async () => {
  await hub.stop();
  repository.remove();
});

const commitAll = (value: string) =>
  repository.commit(
    Object.fromEntries(
      names.map((name) => [
        `${name}/a.yaml`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {key: "${value}"}\n`,
      ]),
    ),
  );

const commitsOf = () =>
  Promise.all(names.map(async (name) => (await application(hub, name)).latestRelease?.commit));

it('a commit reaches every application of its repository, also where a refresh of one of them saw it first', async () => {
  const first = commitAll('one');
  for (const name of names) {
    const source = { repository: repository.url, path: name };
    await saveApplication(hub, { name, policy: 'standard', namespace: 'shop', source });
  }
  await until('the first releases', async () => (await commitsOf()).every((commit) => commit === first));
  const second = commitAll('two');
  expect((await refresh(hub, 'api')).latestRelease?.commit).toBe(second);
  await until('the releases of the others', async () =>
    (await commitsOf()).every((commit) => commit === second),
  );
});
