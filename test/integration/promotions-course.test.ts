import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { PromotionWorld, type Step } from './promotions-fixture.ts';

let world: PromotionWorld;
let server: Server;
let answer = 200;

beforeEach(async () => {
  answer = 200;
  server = createServer((_request, response) => void response.writeHead(answer).end('{}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  world = await PromotionWorld.start({ FAIRLEAD_ALLOW_PRIVATE_CHECKS: '127.0.0.0/8' });
});

afterEach(async () => {
  await world.stop();
  server.close();
});

const twoWaves = { waves: [{ name: 'canary', count: 1 }, { name: 'rest' }] };

async function rolls(step: Partial<Step>): Promise<void> {
  await world.policy([{ environment: 'prod', trigger: 'AUTOMATIC', ...twoWaves, ...step }]);
  await world.cluster('c1', 'prod');
  await world.cluster('c2', 'prod');
  await world.ship('1');
  await world.given('c1', 1);
}

const mutate = (mutation: string, variables: Record<string, unknown> = {}): Promise<unknown> =>
  world.hub.graphql(mutation, variables);

async function freeze(): Promise<string> {
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const { createFreeze } = await world.hub.graphql<{ createFreeze: { freeze: { id: string } } }>(
    'mutation ($i: FreezeInput!) { createFreeze(input: $i) { freeze { id } refusal { message } } }',
    { i: { reason: 'The sale', environment: 'prod', until: endsAt } },
  );
  return createFreeze.freeze.id;
}

const thaw = (id: string): Promise<unknown> =>
  mutate('mutation ($id: ID!) { endFreeze(id: $id, reason: "over") { refusal { message } } }', { id });

const waitsFor = (kind: string): Promise<unknown> =>
  until(`the rollout to wait for ${kind}`, async () =>
    (await world.find('prod', 1)).waitingOn.some((wait) => wait.kind === kind),
  );

describe('a freeze that begins in the middle of a rollout', () => {
  it('lets the wave end and stops the next, and the rollout goes on when it ends', async () => {
    await rolls({ onFreeze: 'FINISH_WAVE' });
    const id = await freeze();
    await world.report('c1');
    await waitsFor('FREEZE');
    expect(await world.waves('prod', 1)).toEqual(['canary PASSED: c1 READY', 'rest PENDING: c2 PENDING']);
    await thaw(id);
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('pauses it at once where the policy says HALT, and its end resumes it', async () => {
    await rolls({ onFreeze: 'HALT' });
    const id = await freeze();
    await world.tells('prod#1 PAUSED');
    await thaw(id);
    await world.tells('prod#1 ROLLING');
    await world.report('c1');
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('stops nothing where the policy says FINISH_ALL', async () => {
    await rolls({ onFreeze: 'FINISH_ALL' });
    await freeze();
    await world.report('c1');
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });
});

describe('a wave', () => {
  it('that asks for consent waits for it, and begins with it', async () => {
    const approval = { notRequester: false };
    await rolls({
      waves: [
        { name: 'canary', count: 1 },
        { name: 'rest', approval },
      ],
    });
    await world.report('c1');
    await waitsFor('APPROVAL');
    expect(await world.agents.get('c2')!.assigned()).toEqual([]);
    const { id } = await world.find('prod', 1);
    await mutate('mutation ($id: ID!) { approvePromotion(id: $id) { refusal { message } } }', { id });
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('is verified before the next begins, and fails the rollout when the check does', async () => {
    answer = 500;
    await rolls({ waves: [{ name: 'canary', count: 1, verification: [smoke()] }, { name: 'rest' }] });
    await world.report('c1');
    await world.tells('prod#1 FAILED');
    expect((await world.find('prod', 1)).explanation[0]).toMatch(/wave:canary:smoke failed/);
    expect(await world.waves('prod', 1)).toEqual(['canary FAILED: c1 READY', 'rest SKIPPED: c2 PENDING']);
  });
});

describe('the verification after the last wave', () => {
  it('lets the release be verified only once it passes', async () => {
    answer = 503;
    await rolls({ waves: [], verification: [smoke({ failures: 1_000 })] });
    await world.report('c1');
    await world.applies('c2', 1);
    await world.tells('prod#1 VERIFYING');
    await waitsFor('VERIFICATION');
    answer = 200;
    await world.tells('prod#1 SUCCEEDED');
  });

  it('that cannot be judged pauses, never passes, and is asked anew when a person resumes it', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await rolls({ waves: [], verification: [smoke({ timeout: '2s', failures: 1_000 }, port)] });
    await world.report('c1');
    await world.applies('c2', 1);
    await world.tells('prod#1 PAUSED');
    server = createServer((_request, response) => void response.end('{}'));
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const { id } = await world.find('prod', 1);
    await mutate('mutation ($id: ID!) { resumePromotion(id: $id) { refusal { message } } }', { id });
    await world.tells('prod#1 SUCCEEDED');
  });
});

describe('what changes in the middle of a rollout', () => {
  it('of its policy does not reach it: it keeps the revision that it started with', async () => {
    await rolls({});
    await world.policy([{ environment: 'prod', trigger: 'AUTOMATIC' }]);
    await world.report('c1');
    await world.given('c2', 1);
    expect(await world.waves('prod', 1)).toEqual([
      'canary PASSED: c1 READY',
      'rest IN_PROGRESS: c2 ASSIGNED',
    ]);
    await world.report('c2');
    await world.tells('prod#1 SUCCEEDED');
  });

  it('of a cluster’s trust takes it out of the count', async () => {
    await rolls({});
    await mutate('mutation { revokeCluster(name: "c2", reason: "lost") { refusal { message } } }');
    await world.report('c1');
    await world.tells('prod#1 SUCCEEDED');
  });

  it('of an application’s life ends it', async () => {
    await rolls({});
    const gone = await world.hub.graphql<{ deleteApplication: unknown }>(
      'mutation { deleteApplication(name: "shop", confirmRemovals: 2) { deleted refusal { message } } }',
    );
    expect(gone.deleteApplication).toMatchObject({ deleted: true });
    await until('the rollout to end', async () => {
      const { activity } = await world.hub.graphql<{ activity: { nodes: unknown[] } }>(
        '{ activity(filter: { kind: ["promotion.cancelled"] }) { nodes { message } } }',
      );
      return activity.nodes.length === 1;
    });
  });

  it('by a person’s pause stands still, and takes nothing of anybody’s time', async () => {
    await rolls({ progressDeadline: '3s' });
    const { id } = await world.find('prod', 1);
    await mutate(
      'mutation ($id: ID!) { pausePromotion(id: $id, reason: "let us look") { refusal { message } } }',
      { id },
    );
    await world.tells('prod#1 PAUSED');
    const pausedAt = Date.now();
    await until('longer than the deadline', () => Date.now() - pausedAt > 4_000);
    expect(await world.waves('prod', 1)).toEqual([
      'canary IN_PROGRESS: c1 ASSIGNED',
      'rest PENDING: c2 PENDING',
    ]);
    await mutate('mutation ($id: ID!) { resumePromotion(id: $id) { refusal { message } } }', { id });
    await world.report('c1');
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });
});

function smoke(more: Record<string, unknown> = {}, port = (server.address() as AddressInfo).port): unknown {
  const http = {
    url: `http://127.0.0.1:${port}/`,
    interval: '1s',
    timeout: '20s',
    successes: 1,
    failures: 1,
    ...more,
  };
  return { name: 'smoke', http };
}
