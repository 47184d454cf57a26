// kill -9 of the Redis that two replicas of a hub share: it keeps nothing, so it comes back empty.
import { afterAll, beforeAll, expect } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import { startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { describeNeeding } from '../../support/missing.ts';
import { redisServerNeed, startKillableRedis, type KillableRedis } from '../../support/redis.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import { configMap, connectionIs, PATIENT } from './fault-stage.ts';

let redis: KillableRedis;
let replicas: readonly [KillableHub, KillableHub];
let world: AgentWorld;
const ends: (() => Promise<unknown>)[] = [];

const timing = { FAIRLEAD_GIT_INTERVAL: '2s', FAIRLEAD_STALE_AFTER: '9s', FAIRLEAD_OFFLINE_AFTER: '18s' };

async function silences(): Promise<number> {
  const { activity } = await replicas[0].graphql<{ activity: { nodes: readonly object[] } }>(
    '{ activity(filter: { kind: ["cluster.stale"] }, first: 50) { nodes { kind } } }',
  );
  return activity.nodes.length;
}

/** Commits and tells nobody: the hub finds it by looking at its sources now and then. */
const commitUnseen = (text: string) =>
  world.repository.commit({ 'app/settings.yaml': configMap('settings', text) });

describeNeeding(redisServerNeed(), 'Redis', () => {
  beforeAll(async () => {
    redis = await startKillableRedis();
    ends.push(() => redis.stop());
    const first = await startKillableHub({ ...timing, FAIRLEAD_REDIS_URL: redis.url });
    ends.push(() => first.stop());
    const second = await startKillableHub({
      ...timing,
      FAIRLEAD_REDIS_URL: redis.url,
      FAIRLEAD_DATABASE_URL: first.databaseUrl,
    });
    ends.push(() => second.stop());
    replicas = [first, second];
    // People speak to the one, the agent to the other.
    world = await startAgentWorld(first, second.url, 'without-redis');
    ends.push(() => world.stop());
  });
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  faultCase('kill-redis', async () => {
    const agent = world.start();
    await world.synced(1);
    await redis.kill();
    for (const { output } of replicas)
      await until('the replica to notice', () => output().includes('the connection to Redis broke'), PATIENT);
    await world.removeSettings();
    await until('the object to be back', () => world.text(), PATIENT);
    await connectionIs(world, 'ONLINE');
    for (const { graphql } of replicas) await graphql('{ viewer { role } }');
    commitUnseen('made without Redis');
    await redis.start();
    await world.synced(2);
    expect(await world.text()).toBe('made without Redis');
    const before = await silences();
    await agent.end('SIGKILL');
    await until('its silence to be told', async () => (await silences()) > before, PATIENT);
    world.start();
    commitUnseen('made after it');
    await world.synced(3);
    await connectionIs(world, 'ONLINE');
    expect(await world.text()).toBe('made after it');
    return 'healed and answered without it; afterwards releases 2 and 3 arrived by themselves, and silence was told';
  });
});
