// A check that is a Job, the whole way: policy, hub, agent, cluster, and back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../support/agent-world.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const PLACE = 'fairlead-checks';

let hub: TestHub;
let world: AgentWorld | undefined;

beforeAll(async () => {
  hub = await startTestHub();
});
afterEach(async () => {
  await world?.stop();
});
afterAll(() => hub.stop());

/** A cluster whose application's promotions must pass a Job. */
async function checkedWorld(name: string): Promise<AgentWorld> {
  world = await startAgentWorld(hub, hub.url, name);
  const container = { name: 'smoke', image: 'smoke' };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: {
      activeDeadlineSeconds: 60,
      template: { spec: { containers: [container], restartPolicy: 'Never' } },
    },
  };
  const step = { environment: name, trigger: 'AUTOMATIC', verification: [{ name: 'smoke', job }] };
  const { savePolicy } = await hub.graphql<{ savePolicy: { refusal: unknown } }>(
    'mutation ($input: PolicyInput!) { savePolicy(input: $input) { refusal { message } } }',
    { input: { name, steps: [step] } },
  );
  expect(savePolicy.refusal).toBeNull();
  await world.ask('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: PLACE },
  });
  return world;
}

async function promotion(application: string) {
  const { promotions } = await hub.graphql<{
    promotions: {
      nodes: { state: string; explanation: string[]; waitingOn: { kind: string; message: string }[] }[];
    };
  }>(
    `query ($application: String!) { promotions(filter: { application: $application }) { nodes { state explanation waitingOn { kind message } } } }`,
    { application },
  );
  return promotions.nodes[0];
}

describe('a verification by a Job', () => {
  it('runs in the cluster, as nobody, and lets the promotion succeed', async () => {
    const cluster = await checkedWorld('smoked');
    cluster.start({ FAIRLEAD_CHECK_NAMESPACE: PLACE });
    await until(
      'the promotion to succeed',
      async () => {
        const found = await promotion('smoked');
        if (found?.state === 'SUCCEEDED') return true;
        throw new Error(JSON.stringify(found));
      },
      { timeoutMs: 60_000 },
    );
    const jobs = (await cluster.ask('GET', `/apis/batch/v1/namespaces/${PLACE}/jobs`))?.['items'];
    expect(jobs).toMatchObject([
      {
        spec: {
          template: { spec: { serviceAccountName: 'fairlead-check', containers: [{ image: 'smoke' }] } },
        },
      },
    ]);
  });

  it('pauses the promotion where the agent has no place for it, and never passes', async () => {
    const cluster = await checkedWorld('placeless');
    cluster.start();
    const paused = await until(
      'the promotion to be paused',
      async () => {
        const found = await promotion('placeless');
        return found?.state === 'PAUSED' ? found : undefined;
      },
      { timeoutMs: 60_000 },
    );
    expect(JSON.stringify(paused.waitingOn)).toMatch(/checks\.enabled/);
  });
});
