// What an old cluster's agent reports while its place is taken never stands for the new cluster.
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  agentOf,
  assignRelease,
  batchOf,
  instanceRows,
  reportOf,
  seedFleet,
  startFleet,
  wrongRollups,
  type Fleet,
  type SeededFleet,
} from './delivery-fixture.ts';

let fleet: Fleet;
let seeded: SeededFleet;
let blocker: Client;

beforeAll(async () => {
  fleet = await startFleet();
  blocker = new Client({ connectionString: fleet.connectionString });
  await blocker.connect();
});
afterAll(async () => {
  await blocker.end();
  await fleet.stop();
});
beforeEach(async () => {
  await fleet.sql(
    'truncate cluster, environment, policy, application, repository, instance, slot_rollup cascade',
  );
  seeded = await seedFleet(fleet, {
    clusters: { rebuilt: 'dev' },
    environments: ['dev'],
    applications: ['shop'],
  });
  await fleet.follow({
    applicationIds: [...seeded.applicationIds.values()],
    environmentIds: [...seeded.environmentIds.values()],
  });
  const release = { application: 'shop', environment: 'dev', number: 1, clusters: ['rebuilt'] };
  await assignRelease(fleet, seeded, release);
});

async function report(sequence: number, change = {}): Promise<unknown> {
  const [row] = await instanceRows(fleet);
  return fleet.reports.report(agentOf(seeded, 'rebuilt'), batchOf(sequence, [reportOf(row!, change)]));
}

const waiting = async (count: number): Promise<boolean> => {
  const rows = await fleet.sql(
    'select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
  );
  return rows.length >= count;
};

/** The report has written its rows and waits for a roll-up when the cluster is replaced; then it goes on. */
async function replaceAmid(reporting: () => Promise<unknown>): Promise<void> {
  let isReplaced = false;
  await blocker.query('begin');
  try {
    await blocker.query('select from slot_rollup for update');
    const reported = reporting();
    await until('the report to wait', () => waiting(1));
    const replaced = fleet.replaceCluster(seeded.clusterIds.get('rebuilt')!).then(() => (isReplaced = true));
    await until('the replacement to wait or to be done', async () => isReplaced || waiting(2));
    await blocker.query('commit');
    await Promise.all([reported, replaced]);
  } catch (error) {
    await blocker.query('rollback');
    throw error;
  }
}

const left = async (table: string): Promise<number> => (await fleet.sql(`select from ${table}`)).length;

it('the first report of an instance is forgotten though it is stored while the cluster is replaced', async () => {
  await replaceAmid(() => report(1));
  expect(await left('instance_status')).toBe(0);
  expect(await wrongRollups(fleet)).toEqual([]);
});

it('a report that comes while the cluster is replaced is stale', async () => {
  const reports: Promise<unknown>[] = [];
  await fleet.replaceCluster(seeded.clusterIds.get('rebuilt')!, async () => {
    reports.push(report(1));
    await until('the report to wait', () => waiting(1));
  });
  expect(await Promise.all(reports)).toMatchObject([{ verdicts: ['STALE'] }]);
  expect(await left('instance_status')).toBe(0);
});

it('the objects of a later report are forgotten with it', async () => {
  await report(1);
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: '',
    name: 'broken',
    sync: 'SYNCED',
    health: 'DEGRADED',
    message: 'no',
  } as const;
  await replaceAmid(() => report(2, { health: 'DEGRADED', objects: [object] }));
  expect([await left('instance_status'), await left('instance_object')]).toEqual([0, 0]);
  expect(await wrongRollups(fleet)).toEqual([]);
});
