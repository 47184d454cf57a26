import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyQueue } from '../support/empty-queue.ts';
import { until } from '../support/until.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let world: PromotionWorld;
beforeEach(async () => {
  world = await PromotionWorld.start();
});
afterEach(() => world.stop());

const automatic = (...environments: string[]) =>
  environments.map((environment) => ({ environment, trigger: 'AUTOMATIC' as const }));

/** Waits until the agent of the cluster is assigned the release. */
async function given(cluster: string, release: number): Promise<void> {
  const agent = world.agents.get(cluster)!;
  await until(`${cluster} to be assigned release ${release}`, async () =>
    (await agent.assigned()).some((each) => each.release === release && each.tombstone === null),
  );
}

/** The messages of events of one kind, newest first. */
async function told(kind: string): Promise<string[]> {
  const { activity } = await world.hub.graphql<{ activity: { nodes: { message: string }[] } }>(
    'query ($kind: [String!]) { activity(filter: { kind: $kind }) { nodes { message } } }',
    { kind: [kind] },
  );
  return activity.nodes.map(({ message }) => message);
}

describe('a cluster that is deleted in the middle of a rollout', () => {
  it('leaves the count, and the others pass', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('dev-2', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await given('dev-2', 1);
    await world.hub.graphql(
      'mutation { deleteCluster(name: "dev-2", confirmRemovals: 1) { deleted refusal { message } } }',
    );
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
    const { promotions } = await world.hub.graphql<{ promotions: unknown }>(
      '{ promotions { nodes { waves { counts { ready skipped } targets { nodes { cluster { name } state } } } } } }',
    );
    expect(promotions).toEqual({
      nodes: [
        {
          waves: [
            {
              counts: { ready: 1, skipped: 1 },
              targets: { nodes: [{ cluster: { name: 'dev-1' }, state: 'READY' }] },
            },
          ],
        },
      ],
    });
  });
});

describe('what is open', () => {
  beforeEach(async () => {
    await world.policy(automatic('dev', 'prod'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await world.ship('1');
    await world.tells('dev#1 ROLLING', 'prod#1 PENDING');
  });

  it('is cancelled when its environment is deleted, and the next environment goes on', async () => {
    await world.hub.graphql(
      'mutation { deleteEnvironment(name: "dev", confirmRemovals: 1) { deleted refusal { message } } }',
    );
    await until('the cancellation to be told', async () =>
      (await told('promotion.cancelled')).includes(
        'Release 1 of shop was cancelled in dev: Its environment was deleted.',
      ),
    );
    await world.tells('prod#1 ROLLING');
  });

  it('is cancelled when its application is deleted, and every list can still be read', async () => {
    await world.hub.graphql(
      'mutation { deleteApplication(name: "shop", confirmRemovals: 2) { deleted refusal { message } } }',
    );
    await until(
      'both cancellations to be told',
      async () =>
        (await told('promotion.cancelled')).filter((message) =>
          /Release 1 of shop was cancelled in (dev|prod): Its application was deleted/.test(message),
        ).length === 2,
      { timeoutMs: 40_000 },
    );
    const lists = `{ promotions { nodes { application { name } explanation } } slots { nodes { application { name } } } }`;
    expect(await world.hub.graphql(lists)).toEqual({ promotions: { nodes: [] }, slots: { nodes: [] } });
  });

  it('is cancelled when the policy drops its step', async () => {
    await world.hub.graphql(
      `mutation ($i: PolicyInput!) { savePolicy(input: $i, confirmRemovals: 1) { refusal { message } } }`,
      { i: { name: 'way', steps: automatic('dev') } },
    );
    await world.tells('dev#1 ROLLING', 'prod#1 CANCELLED');
    expect((await world.find('prod', 1)).explanation.join(' ')).toContain(
      'The policy of shop has no step for prod any more.',
    );
  });

  it('follows a policy that leads past a step which it waited for', async () => {
    await world.policy([...automatic('dev'), { environment: 'lab' }, ...automatic('prod')]);
    await world.ship('2');
    await world.tells('dev#1 ROLLING', 'prod#1 PENDING', 'dev#2 PENDING', 'prod#2 PENDING');
    expect((await world.find('prod', 2)).waitingOn).toMatchObject([
      { kind: 'UPSTREAM', message: expect.stringContaining('verified in lab') as string },
    ]);
    await world.policy(automatic('dev', 'prod'));
    await until('release 2 to wait for dev instead', async () =>
      (await world.find('prod', 2)).waitingOn.some(({ message }) => message.includes('verified in dev')),
    );
  });
});

describe('a cluster that is rebuilt in the middle of a rollout', () => {
  it('must prove the release again: what its predecessor said counts no more', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('dev-2', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await given('dev-2', 1);
    await world.report('dev-1');
    await until('dev-1 to be ready', async () => (await targets())['dev-1'] === 'READY');
    await world.rebuild('dev-1');
    const { instance } = await world.hub.graphql<{ instance: unknown }>(
      '{ instance(application: "shop", environment: "dev", cluster: "dev-1") { sync health } }',
    );
    expect(instance).toEqual({ sync: 'UNKNOWN', health: 'UNKNOWN' });
    await world.report('dev-2');
    await until('dev-2 to be ready', async () => (await targets())['dev-2'] === 'READY');
    expect(await world.story()).toEqual(['dev#1 ROLLING']);
    const { fleet } = await world.hub.graphql<{ fleet: unknown }>(
      '{ fleet { sync { synced unknown } health { healthy unknown } } }',
    );
    expect(fleet).toEqual({ sync: { synced: 1, unknown: 1 }, health: { healthy: 1, unknown: 1 } });
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
  });
});

describe('a hub that has just started', () => {
  it('holds no silence against a cluster that could not speak to it', async () => {
    await world.stop();
    world = await PromotionWorld.start({ FAIRLEAD_STALE_AFTER: '60s', FAIRLEAD_OFFLINE_AFTER: '1s' });
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('dev-2', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await given('dev-2', 1);
    await until('dev-2 to be silent for longer than OFFLINE takes', async () => {
      const { cluster } = await world.hub.graphql<{ cluster: { lastSeenAt: string } }>(
        '{ cluster(name: "dev-2") { lastSeenAt } }',
      );
      return Date.now() - Date.parse(cluster.lastSeenAt) > 2_000;
    });
    await world.report('dev-1');
    await until('dev-1 to be ready', async () => (await targets())['dev-1'] === 'READY');
    expect(await world.story()).toEqual(['dev#1 ROLLING']);
    await world.report('dev-2');
    await world.tells('dev#1 SUCCEEDED');
  });
});

/** The states of the newest promotion's targets, by cluster. */
async function targets(): Promise<Record<string, string>> {
  const { promotions } = await world.hub.graphql<{
    promotions: {
      nodes: { waves: { targets: { nodes: { cluster: { name: string }; state: string }[] } }[] }[];
    };
  }>('{ promotions(first: 1) { nodes { waves { targets { nodes { cluster { name } state } } } } } }');
  const nodes = promotions.nodes[0]?.waves[0]?.targets.nodes ?? [];
  return Object.fromEntries(nodes.map(({ cluster, state }) => [cluster.name, state]));
}

describe('a queue that is emptied by hand in the middle of a rollout', () => {
  it('is filled again by itself, and the rollout goes on by the clock', async () => {
    await world.policy([{ ...automatic('dev')[0]!, waves: [{ name: 'all', bake: '3s' }] }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.wavesAre('dev', 1, 'all BAKING: dev-1 READY');
    await emptyQueue(world.hub.databaseUrl);
    // Nobody reports any more: the end of the bake is the clock's to see.
    await until('the bake to end', async () => (await world.story())[0] === 'dev#1 SUCCEEDED', {
      timeoutMs: 45_000,
    });
  }, 60_000);
});
