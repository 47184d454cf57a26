import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  agentOf,
  assignRelease,
  batchOf,
  digestOf,
  instanceRows,
  reportOf,
  seedFleet,
  startFleet,
  wrongRollups,
  type Fleet,
  type InstanceRow,
  type SeededFleet,
} from './delivery-fixture.ts';

let fleet: Fleet;
let seeded: SeededFleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet.stop());

const clusters = ['a', 'b', 'c'];

beforeEach(async () => {
  await fleet.sql(
    'truncate cluster, environment, policy, application, repository, instance, slot_rollup, event, outbox cascade',
  );
  seeded = await seedFleet(fleet, {
    clusters: { a: 'dev', b: 'dev', c: 'dev' },
    environments: ['dev'],
    applications: ['shop'],
  });
  await fleet.follow({
    applicationIds: [...seeded.applicationIds.values()],
    environmentIds: [...seeded.environmentIds.values()],
  });
  await assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number: 1, clusters });
  await fleet.sql('truncate outbox');
});

const on = async (cluster: string): Promise<InstanceRow> =>
  (await instanceRows(fleet)).find((row) => row.cluster === cluster && row.tombstone === null)!;
const report = async (cluster: string, sequence: number, change = {}) =>
  fleet.reports.report(agentOf(seeded, cluster), batchOf(sequence, [reportOf(await on(cluster), change)]));
const noticesOf = (topic: string) =>
  fleet.sql<{ payload: Record<string, unknown> }>('select payload from outbox where topic = $1 order by id', [
    topic,
  ]);

describe('assignments', () => {
  it('raise each cluster once, and nothing at all where release, bundle and settings are the same', async () => {
    const again = await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 1,
      clusters,
    });
    expect(again.map(({ generation, bundleDigest }) => [generation, bundleDigest])).toEqual(
      clusters.map(() => [1n, digestOf('shop 1')]),
    );
    const next = await assignRelease(fleet, seeded, {
      application: 'shop',
      environment: 'dev',
      number: 2,
      clusters: ['a', 'b'],
    });
    expect(next.map(({ generation }) => generation)).toEqual([2n, 2n]);
    expect((await on('c')).generation).toBe(1n);
  });

  it('of the same release by another promotion are counted for that one, without a new generation', async () => {
    const [releaseId] = await fleet.sql<{ id: bigint }>('select id from release');
    await fleet.database.transaction((tx) =>
      fleet.delivery.assign(tx, {
        applicationId: seeded.applicationIds.get('shop')!,
        environmentId: seeded.environmentIds.get('dev')!,
        releaseId: releaseId!.id,
        releaseNumber: 1,
        promotionId: 77n,
        bundles: new Map([[seeded.clusterIds.get('a')!, digestOf('shop 1')]]),
      }),
    );
    const [row] = await fleet.sql<{ generation: bigint; promotion_id: bigint }>(
      `select generation, promotion_id from instance where cluster_id = $1`,
      [seeded.clusterIds.get('a')],
    );
    expect(row).toEqual({ generation: 1n, promotion_id: 77n });
  });

  it('never leave SYNCED standing for what is not applied yet', async () => {
    await report('a', 1);
    await assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number: 2, clusters });
    expect(await on('a')).toMatchObject({ sync: 'OUT_OF_SYNC', status_release: 1 });
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('follow the application when its sync policy changes, and only then', async () => {
    const applicationId = seeded.applicationIds.get('shop')!;
    expect(await fleet.delivery.assignedApplications()).toEqual([applicationId]);
    await fleet.delivery.reassignSettings(applicationId);
    expect((await on('a')).generation).toBe(1n);
    await fleet.sql(
      `update application set namespace = 'shop', service_account_name = 'deployer' where id = $1`,
      [applicationId],
    );
    await fleet.delivery.reassignSettings(applicationId);
    expect((await on('a')).generation).toBe(2n);
    const { rows } = await fleet.feed.page(
      seeded.clusterIds.get('a')!,
      { since: 0n, generation: 0n, instanceId: 0n },
      10,
    );
    expect(rows[0]?.settings).toMatchObject({
      namespace: 'shop',
      serviceAccountName: 'deployer',
      syncPolicy: { prune: true, drift: 'HEAL' },
    });
  });

  it('keep why a release could not be rendered for a cluster until it is assigned', async () => {
    const slot = {
      applicationId: seeded.applicationIds.get('shop')!,
      environmentId: seeded.environmentIds.get('dev')!,
    };
    const errors = new Map([
      [seeded.clusterIds.get('a')!, { code: 'LABEL_MISSING', message: 'no label region' }],
    ]);
    const request = {
      ...slot,
      releaseId: 1n,
      releaseNumber: 2,
      promotionId: null,
      bundles: new Map(),
      errors,
    };
    await fleet.database.transaction((tx) => fleet.delivery.assign(tx, request));
    const errorOf = async () =>
      (
        await fleet.sql<{ error: unknown }>(
          'select assignment_error error from instance where cluster_id = $1',
          [seeded.clusterIds.get('a')],
        )
      )[0]?.error;
    expect(await errorOf()).toEqual({ code: 'LABEL_MISSING', message: 'no label region' });
    await assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number: 2, clusters });
    expect(await errorOf()).toBeNull();
  });

  it('of a thousand clusters take as many statements as of one', async () => {
    const [{ count } = { count: 0 }] = await fleet.sql<{ count: number }>(
      `with added as (
         insert into cluster (name, label_kv, kube_system_uid, public_key, join_token_id, accepted_at, session)
         select 'm' || n, array['env', 'env=dev'], 'uid' || n, 'key' || n, 0, now(), 1 from generate_series(1, 1000) n returning id
       ), rolled as (insert into cluster_rollup (cluster_id) select id from added)
       select count(*)::int from added`,
    );
    expect(count).toBe(1000);
    await fleet.follow({ environmentIds: [...seeded.environmentIds.values()] });
    const ids = await fleet.sql<{ id: bigint }>('select id from cluster');
    const [{ id: releaseId }] = (await fleet.sql<{ id: bigint }>('select id from release')) as [
      { id: bigint },
    ];
    const assign = async (clusterIds: readonly bigint[], digest: string) => {
      let statements = 0;
      await fleet.database.transaction((tx) => {
        const sql: typeof tx.sql = (text, values) => {
          statements += 1;
          return tx.sql(text, values);
        };
        return fleet.delivery.assign(
          { ...tx, sql, afterCommit: (task) => tx.afterCommit(task) },
          {
            applicationId: seeded.applicationIds.get('shop')!,
            environmentId: seeded.environmentIds.get('dev')!,
            releaseId,
            releaseNumber: 1,
            promotionId: null,
            bundles: new Map(clusterIds.map((id) => [id, digestOf(digest)])),
          },
        );
      });
      return statements;
    };
    const forOne = await assign([seeded.clusterIds.get('a')!], 'one');
    const forAll = await assign(
      ids.map(({ id }) => id),
      'all',
    );
    expect(forAll).toBe(forOne);
    expect(forAll).toBeLessThanOrEqual(7);
    expect(new Set((await instanceRows(fleet)).map((row) => row.bundle_digest))).toEqual(
      new Set([digestOf('all')]),
    );
  });
});

describe('reports', () => {
  it('are stored, counted and told of', async () => {
    const { verdicts } = await report('a', 1, { health: 'PROGRESSING', driftCount: 1 });
    expect(verdicts).toEqual(['ACCEPTED']);
    expect(await on('a')).toMatchObject({ sync: 'SYNCED', health: 'PROGRESSING', status_release: 1 });
    expect(await wrongRollups(fleet)).toEqual([]);
    expect((await noticesOf('slots.reported'))[0]?.payload).toEqual({
      slots: [[String(seeded.applicationIds.get('shop')), String(seeded.environmentIds.get('dev'))]],
    });
    expect((await noticesOf('instances.changed'))[0]?.payload).toEqual({
      instanceIds: [String((await on('a')).id)],
    });
  });

  it('that only say that an apply is under way are told as such, as they decide nothing', async () => {
    await report('a', 1, { sync: 'SYNCING' });
    expect(await noticesOf('slots.reported')).toEqual([]);
    expect(await noticesOf('slots.syncing')).toHaveLength(1);
  });

  it('that say the same again write and tell nothing', async () => {
    await report('a', 1);
    await fleet.sql('truncate outbox');
    const [before] = await fleet.sql('select xmin::text, reported_at from instance_status');
    const newSession = { ...batchOf(1, [reportOf(await on('a'))]), session: 2n };
    await fleet.sql(`update cluster set session = 2 where name = 'a'`);
    expect((await fleet.reports.report(agentOf(seeded, 'a'), newSession)).verdicts).toEqual(['UNCHANGED']);
    expect(await fleet.sql('select xmin::text, reported_at from instance_status')).toEqual([before]);
    expect(await fleet.sql('select from outbox')).toEqual([]);
  });

  it('of older messages and sessions are stale, whenever they arrive', async () => {
    await report('a', 5, { health: 'DEGRADED' });
    expect((await report('a', 4)).verdicts).toEqual(['STALE']);
    await fleet.sql(`update cluster set session = 2 where name = 'a'`);
    expect((await report('a', 9)).verdicts).toEqual(['STALE']);
    expect((await on('a')).health).toBe('DEGRADED');
  });

  it('that repeat the newest word keep an older one, which comes late, from overtaking it', async () => {
    await report('a', 1);
    const late = batchOf(2, [reportOf(await on('a'), { health: 'DEGRADED' })]);
    expect((await report('a', 3)).verdicts).toEqual(['UNCHANGED']);
    expect((await fleet.reports.report(agentOf(seeded, 'a'), late)).verdicts).toEqual(['STALE']);
    expect((await on('a')).health).toBe('HEALTHY');
  });

  it('for an older generation are telemetry: they never show SYNCED', async () => {
    const old = await on('a');
    await assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number: 2, clusters });
    await fleet.reports.report(agentOf(seeded, 'a'), batchOf(1, [reportOf(old)]));
    expect(await on('a')).toMatchObject({ sync: 'OUT_OF_SYNC', status_release: null });
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('for another cluster’s instance change nothing, even together with its own cluster’s', async () => {
    const [ofB, ofA] = [reportOf(await on('b')), reportOf(await on('b'), { health: 'DEGRADED' })];
    const [own, foreign] = await Promise.all([
      fleet.reports.report(agentOf(seeded, 'b'), batchOf(1, [ofB])),
      fleet.reports.report(agentOf(seeded, 'a'), batchOf(9, [ofA])),
    ]);
    expect([own.verdicts, foreign.verdicts]).toEqual([['ACCEPTED'], ['STALE']]);
    expect((await on('b')).health).toBe('HEALTHY');
  });

  it('replace the objects only when these changed', async () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    const broken = { ...object, sync: 'SYNCED', health: 'DEGRADED', message: 'crash loop' };
    const change = { health: 'DEGRADED', objects: [broken] };
    await report('a', 1, change);
    const stored = await fleet.sql('select xmin::text, kind, name from instance_object');
    await report('a', 2, { ...change, message: 'other words' });
    expect(await fleet.sql('select xmin::text, kind, name from instance_object')).toEqual(stored);
    await report('a', 3);
    expect(await fleet.sql('select from instance_object')).toEqual([]);
  });

  it('with a NUL in a message are stored without it', async () => {
    await report('a', 1, { message: 'a\0b', health: 'DEGRADED' });
    expect(await fleet.sql('select message from instance_status')).toEqual([{ message: 'ab' }]);
  });

  it('record an event when an instance arrives or is refused, and none for what only passes by', async () => {
    await report('a', 1, { sync: 'SYNCING', health: 'PROGRESSING' });
    await report('a', 2, { health: 'PROGRESSING' });
    await report('a', 3);
    await report('b', 1, { sync: 'FAILED', health: 'MISSING', message: 'Deployment/shop/web: FORBIDDEN' });
    const kinds = await fleet.sql<{ kind: string; cluster: string }>(
      `select kind, cluster from event where kind like 'instance.%' order by id`,
    );
    expect(kinds).toEqual([
      { kind: 'instance.synced', cluster: 'a' },
      { kind: 'instance.failed', cluster: 'b' },
    ]);
  });

  it('keep roll-ups true under a storm from all sides, assignments among it', async () => {
    const healths = ['HEALTHY', 'PROGRESSING', 'DEGRADED'] as const;
    const storm = clusters.flatMap((cluster) =>
      Array.from({ length: 30 }, (_, index) =>
        report(cluster, index + 1, { health: healths[index % 3], driftCount: index % 2 }),
      ),
    );
    const moves = [2, 3, 4].map((number) =>
      assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number, clusters }),
    );
    await Promise.all([...storm, ...moves]);
    expect(await wrongRollups(fleet)).toEqual([]);
    const [shown] = await fleet.sql<{ lies: number }>(
      `select count(*)::int lies from instance i join instance_status s on s.instance_id = i.id
        where s.sync = 'SYNCED' and s.generation <> i.generation`,
    );
    expect(shown?.lies).toBe(0);
  });

  it('bury an instance whose tombstone was carried out, and no other', async () => {
    await fleet.sql(`update cluster set label_kv = '{}' where name = 'a'`);
    const [gone, kept] = [await on('a'), await on('b')];
    await fleet.follow({ clusterIds: [seeded.clusterIds.get('a')!] }, { prune: true, confirmRemovals: 1 });
    const removedInstances = [gone.tracking_id, kept.tracking_id];
    await fleet.reports.report(agentOf(seeded, 'b'), batchOf(1, [], { removedInstances }));
    expect((await instanceRows(fleet)).filter(({ tombstone }) => tombstone !== null)).toHaveLength(1);
    await fleet.reports.report(agentOf(seeded, 'a'), batchOf(1, [], { removedInstances, session: 0 }));
    expect((await instanceRows(fleet)).filter(({ tombstone }) => tombstone !== null)).toHaveLength(1);
    await fleet.reports.report(agentOf(seeded, 'a'), batchOf(2, [], { removedInstances }));
    expect((await instanceRows(fleet)).map(({ cluster }) => cluster)).toEqual(['b', 'c']);
  });
});

describe('the prune guard', () => {
  const held = [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'old' }];
  const approve = (trackingId: string, generation: bigint) =>
    fleet.delivery.approvePrune({ trackingId, generation, reason: 'looked at it', actor: 'ada' });

  it('lets go on what a person approved for exactly this generation', async () => {
    await report('a', 1, { sync: 'OUT_OF_SYNC', pendingPrune: held });
    const before = await on('a');
    expect(await approve(before.tracking_id, before.generation)).toEqual({ instanceId: before.id });
    const after = await on('a');
    expect(after.generation).toBe(before.generation + 1n);
    expect(after.approved_prune).toBe(after.generation);
    expect(await fleet.sql(`select actor from event where kind = 'prune.approved'`)).toEqual([
      { actor: 'ada' },
    ]);
  });

  it('refuses where nothing waits, or what waits is of another generation', async () => {
    const { tracking_id: id, generation } = await on('a');
    expect(await approve(id, generation)).toMatchObject({ code: 'NOTHING_TO_APPROVE' });
    await report('a', 1, { sync: 'OUT_OF_SYNC', pendingPrune: held });
    expect(await approve(id, generation + 1n)).toMatchObject({ code: 'NOTHING_TO_APPROVE' });
    await approve(id, generation);
    expect(await approve(id, generation)).toMatchObject({ code: 'NOTHING_TO_APPROVE' });
  });
});
