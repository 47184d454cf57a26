// Waking the whole fleet, and bringing all settings in line.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { seedFleet, startFleet, type Fleet } from './delivery-fixture.ts';

const CLUSTERS = 1_001;

let fleet: Fleet;
const rings = new Map<string, number>();
const messages: number[] = [];

beforeAll(async () => {
  fleet = await startFleet();
  fleet.pubSub.subscribe('agents.ring', ({ clusters }) => {
    messages.push(clusters.length);
    for (const [id, generation] of clusters) rings.set(id, (rings.get(id) ?? 0) + generation);
  });
  const names = Array.from({ length: CLUSTERS }, (_, n) => [`cluster-${n}`, 'dev'] as const);
  await seedFleet(fleet, { clusters: Object.fromEntries(names), environments: [], applications: [] });
  await fleet.sql("update cluster set revoked_at = now() where name = 'cluster-7'");
});
afterAll(() => fleet.stop());

it('wakes every agent once, a few hundred at a time, and none that was revoked', async () => {
  await fleet.delivery.wakeAllAgents();
  await until('all rings', () => rings.size === CLUSTERS - 1);
  expect(new Set(rings.values())).toEqual(new Set([1]));
  expect(Math.max(...messages)).toBeLessThanOrEqual(500);
  const raised = await fleet.sql<{ generation: bigint; clusters: bigint }>(
    'select desired_generation generation, count(*) clusters from cluster group by 1 order by 1',
  );
  expect(raised).toEqual([
    { generation: 0n, clusters: 1n },
    { generation: 1n, clusters: BigInt(CLUSTERS - 1) },
  ]);
});
