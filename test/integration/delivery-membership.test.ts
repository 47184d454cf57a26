import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  agentOf,
  wrongRollups,
  assignRelease,
  batchOf,
  instanceRows,
  reportOf,
  revisePolicy,
  seedFleet,
  startFleet,
  type Fleet,
  type SeededFleet,
} from './delivery-fixture.ts';

let fleet: Fleet;
let seeded: SeededFleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet.stop());

beforeEach(async () => {
  await fleet.sql(
    'truncate cluster, environment, policy, application, repository, instance, slot_rollup, event, outbox cascade',
  );
  seeded = await seedFleet(fleet, {
    clusters: { a: 'dev', b: 'dev', c: 'prod' },
    environments: ['dev', 'prod'],
    applications: ['shop', 'blog'],
  });
  await fleet.follow({
    environmentIds: [...seeded.environmentIds.values()],
    applicationIds: [...seeded.applicationIds.values()],
  });
});

const relabel = (name: string, env: string) =>
  fleet.sql(`update cluster set label_kv = array['env', 'env=' || $2] where name = $1`, [name, env]);
const living = async () => (await instanceRows(fleet)).filter(({ tombstone }) => tombstone === null);
const pathOf = (row: { application_name: string; environment_name: string; cluster: string }) =>
  `${row.application_name}/${row.environment_name}/${row.cluster}`;
const clusterScope = (...names: string[]) => ({
  clusterIds: names.map((name) => seeded.clusterIds.get(name)!),
});

describe('instances follow the fleet', () => {
  it('makes one for each application, environment and cluster that a policy leads to, each with an id of its own', async () => {
    const rows = await living();
    expect(rows.map(pathOf).sort()).toEqual([
      'blog/dev/a',
      'blog/dev/b',
      'blog/prod/c',
      'shop/dev/a',
      'shop/dev/b',
      'shop/prod/c',
    ]);
    const ids = new Set(rows.map((row) => row.tracking_id));
    expect(ids.size).toBe(6);
    expect([...ids].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('changes nothing when it is asked again', async () => {
    const before = await instanceRows(fleet);
    await fleet.follow({ environmentIds: [...seeded.environmentIds.values()], policyIds: [seeded.policyId] });
    expect(await instanceRows(fleet)).toEqual(before);
  });

  it('tells of added instances with their slots', async () => {
    const notices = await fleet.sql<{ payload: { instanceIds: string[]; slots: unknown[] } }>(
      `select payload from outbox where topic = 'instances.added'`,
    );
    expect(notices.flatMap(({ payload }) => payload.instanceIds)).toHaveLength(6);
    expect(notices.flatMap(({ payload }) => payload.slots)).toHaveLength(4);
  });

  it('refuses to remove instances that nobody confirmed, with their exact count and names', async () => {
    await relabel('a', 'nowhere');
    const refusal = await fleet.follow(clusterScope('a'), { prune: false, confirmRemovals: 1 });
    expect(refusal).toMatchObject({ code: 'REMOVES_INSTANCES', reasons: ['blog/dev/a', 'shop/dev/a'] });
    expect(await living()).toHaveLength(6);
  });

  it('drops never-assigned instances without a trace and orphans assigned ones', async () => {
    await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 1,
      clusters: ['a', 'b'],
    });
    await relabel('a', 'nowhere');
    expect(await fleet.follow(clusterScope('a'), { prune: false, confirmRemovals: 2 })).toBeUndefined();
    const ofA = (await instanceRows(fleet)).filter(({ cluster }) => cluster === 'a');
    expect(ofA.map((row) => [pathOf(row), row.tombstone, row.generation])).toEqual([
      ['shop/dev/a', 'ORPHAN', 2n],
    ]);
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('takes what was reported of a removed instance out of the roll-ups', async () => {
    await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 1,
      clusters: ['a'],
    });
    const [shop] = (await instanceRows(fleet)).filter((row) => pathOf(row) === 'shop/dev/a');
    await fleet.reports.report(agentOf(seeded, 'a'), batchOf(1, [reportOf(shop!, { driftCount: 2 })]));
    await relabel('a', 'nowhere');
    await fleet.follow(clusterScope('a'), { prune: true, confirmRemovals: 2 });
    expect(await wrongRollups(fleet)).toEqual([]);
    expect(await fleet.sql('select from instance_status')).toEqual([]);
  });

  it('gives an instance that comes back before its tombstone was acknowledged a new id', async () => {
    await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 1,
      clusters: ['a'],
    });
    await relabel('a', 'nowhere');
    await fleet.follow(clusterScope('a'), { prune: true, confirmRemovals: 2 });
    await relabel('a', 'dev');
    await fleet.follow(clusterScope('a'));
    const shop = (await instanceRows(fleet)).filter((row) => pathOf(row) === 'shop/dev/a');
    expect(shop.map(({ tombstone }) => tombstone)).toEqual(['PRUNE', null]);
    expect(new Set(shop.map((row) => row.tracking_id)).size).toBe(2);
  });

  it('follows a policy that leads elsewhere', async () => {
    await revisePolicy(fleet, seeded.policyId, ['dev']);
    const refusal = await fleet.follow({ policyIds: [seeded.policyId] }, { prune: false });
    expect(refusal?.reasons).toEqual(['blog/prod/c', 'shop/prod/c']);
    await fleet.follow({ policyIds: [seeded.policyId] }, { prune: false, confirmRemovals: 2 });
    expect((await living()).map(pathOf).every((path) => path.includes('/dev/'))).toBe(true);
  });

  it.each(['environment', 'application'])('counts the instances of a deleted %s', async (table) => {
    await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 1,
      clusters: ['a', 'b'],
    });
    const ids = table === 'environment' ? seeded.environmentIds : seeded.applicationIds;
    const id = ids.get(table === 'environment' ? 'dev' : 'shop')!;
    await fleet.sql(`delete from ${table} where id = $1`, [id]);
    const scope = table === 'environment' ? { environmentIds: [id] } : { applicationIds: [id] };
    const count = table === 'environment' ? 4 : 3;
    expect((await fleet.follow(scope, { prune: true }))?.message).toContain(`${count} instances`);
    await fleet.follow(scope, { prune: true, confirmRemovals: count });
    const rows = (await instanceRows(fleet)).filter(({ tombstone }) => tombstone !== null);
    expect(rows.map(pathOf)).toEqual(['shop/dev/a', 'shop/dev/b']);
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('never refuses what must not be refused', async () => {
    await fleet.sql(`update cluster set revoked_at = now() where name = 'c'`);
    expect(await fleet.follow(clusterScope('c'), { prune: false, confirmRemovals: 'ANY' })).toBeUndefined();
    expect((await living()).some(({ cluster }) => cluster === 'c')).toBe(false);
  });

  it('makes each instance once when many changes meet', async () => {
    await fleet.sql('truncate instance, slot_rollup cascade');
    await fleet.sql('update cluster_rollup set instances = 0');
    await Promise.all([
      fleet.follow({ policyIds: [seeded.policyId] }),
      fleet.follow({ applicationIds: [...seeded.applicationIds.values()] }),
      ...['a', 'b', 'c'].map((name) => fleet.follow(clusterScope(name))),
    ]);
    expect(await living()).toHaveLength(6);
    expect(await wrongRollups(fleet)).toEqual([]);
  });
});
