// A cluster's silence is judged by workers, and heard by replicas that serve: while there are none of those, it says nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { PrismaClusterStore } from '../../src/clusters/prisma-cluster-store.ts';
import { PrismaHearing } from '../../src/clusters/prisma-hearing.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { joinAgent } from './delivery-agent.ts';
import { startFleet, seedFleet, type Fleet } from './delivery-fixture.ts';

const timing = { FAIRLEAD_STALE_AFTER: '3s', FAIRLEAD_OFFLINE_AFTER: '4s' };

let worker: TestHub;
let fleet: Fleet;

beforeAll(async () => {
  worker = await startTestHub({ FAIRLEAD_ROLE: 'worker', ...timing });
  fleet = await startFleet(worker.databaseUrl);
  await seedFleet(fleet, { clusters: { alone: 'dev' }, environments: [], applications: [] });
  await fleet.sql("update cluster_rollup set announced = 'ONLINE'");
});
afterAll(async () => {
  await fleet.stop();
  await worker.stop();
});

const serving = () =>
  startTestHub({ FAIRLEAD_ROLE: 'api', FAIRLEAD_DATABASE_URL: worker.databaseUrl, ...timing });
const told = async (): Promise<string[]> =>
  (await fleet.sql<{ kind: string }>("select kind from event where cluster = 'alone' order by id")).map(
    ({ kind }) => kind,
  );
const silentForMs = async (): Promise<number> => {
  const [row] = await fleet.sql<{ ms: number }>(
    'select extract(epoch from now() - last_seen_at)::float * 1000 ms from cluster_rollup',
  );
  return row?.ms ?? 0;
};

describe('silence', () => {
  it('is held against no cluster while no replica serves, and from then on until it has served as long as silence takes', async () => {
    await until('silence long beyond OFFLINE', async () => (await silentForMs()) > 10_000, {
      timeoutMs: 20_000,
    });
    expect(await told()).toEqual([]);
    const startedAtMs = Date.now();
    const api = await serving();
    await until('the cluster to be OFFLINE', async () => (await told()).includes('cluster.offline'), {
      timeoutMs: 30_000,
    });
    expect(Date.now() - startedAtMs).toBeGreaterThan(3_000);
    await api.stop();
  });

  it('counts further where one of two replicas goes, and no more where both have gone', async () => {
    const [first, second] = [await serving(), await serving()];
    const counts = async (): Promise<boolean> =>
      (
        await fleet.sql(
          "select from hub where heard_at >= now() - interval '2 s' and hearing_since <= now() - interval '3 s'",
        )
      ).length > 0;
    await until('the hub to hear', counts, { timeoutMs: 30_000 });
    const [{ since } = { since: '' }] = await fleet.sql<{ since: string }>(
      'select hearing_since::text since from hub',
    );
    await first.stop();
    await until('the other to say so again', async () => {
      const rows = await fleet.sql("select from hub where heard_at >= now() - interval '300 ms'");
      return rows.length > 0;
    });
    expect(await fleet.sql('select hearing_since::text since from hub')).toEqual([{ since }]);
    await second.stop();
    await until('nobody to hear', async () => !(await counts()));
    const third = await serving();
    expect(await fleet.sql('select hearing_since::text since from hub')).not.toEqual([{ since }]);
    await third.stop();
  });

  it('says nothing while what was heard cannot be stored', async () => {
    const api = await serving();
    const { credential } = await joinAgent(api, 'heard');
    const quietMs = async (): Promise<number> => {
      const [row] = await fleet.sql<{ ms: number }>(
        'select extract(epoch from now() - heard_at)::float * 1000 ms from hub',
      );
      return row?.ms ?? 0;
    };
    await until('the replica to hear', async () => (await quietMs()) < 1_000);
    await fleet.sql('alter table cluster_rollup rename column last_seen_at to elsewhere');
    await api.answer('{ assignmentsDigest { generation } }', {}, credential);
    await until('the replica to say nothing', async () => (await quietMs()) > 2_500, { timeoutMs: 20_000 });
    await fleet.sql('alter table cluster_rollup rename column elsewhere to last_seen_at');
    await until('the replica to hear again', async () => (await quietMs()) < 1_000);
    await api.stop();
  });
});

describe('a word of the replicas', () => {
  const hearing = () =>
    new PrismaHearing(fleet.database, { staleAfterMs: 90_000 } as ConstructorParameters<
      typeof PrismaHearing
    >[1]);
  const afterSilenceOf = async (seconds: number) => {
    await fleet.sql(
      `update hub set hearing_since = now() - interval '1 h', heard_at = now() - $1 * interval '1 s'`,
      [seconds],
    );
    await hearing().note();
    return fleet.database.transaction((tx) => hearing().deafUntil(tx));
  };

  it('may be missed once; missed twice it is a gap, after which silence says nothing for as long as it takes to count', async () => {
    expect(await afterSilenceOf(25)).toBeNull();
    const untilMs = (await afterSilenceOf(35))?.getTime() ?? 0;
    expect(untilMs - Date.now()).toBeGreaterThan(60_000);
    expect(untilMs - Date.now()).toBeLessThanOrEqual(91_000);
  });
});

describe('what was heard', () => {
  it('is stored although another transaction locks the same clusters in another order', async () => {
    const { clusterIds } = await seedFleet(fleet, {
      clusters: { first: 'dev', second: 'dev' },
      environments: [],
      applications: [],
    });
    const [first = 0n, second = 0n] = [...clusterIds.values()].sort((a, b) => (a < b ? -1 : 1));
    const lock = 'select from cluster_rollup where cluster_id = $1 for update';
    const other = new Client({ connectionString: worker.databaseUrl });
    await other.connect();
    // So that not this one is given up by Postgres.
    await other.query("begin; set local deadlock_timeout = '30s'");
    await other.query(lock, [second]);
    const heardAt = new Date(Date.now() + 60_000);
    const touched = new PrismaClusterStore(fleet.database).touch([
      [second, heardAt],
      [first, heardAt],
    ]);
    touched.catch(() => undefined);
    await until('the other to be waited for', async () => {
      const waiting = await fleet.sql(
        'select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
      );
      return waiting.length > 0;
    });
    await other.query(lock, [first]);
    await other.query('commit');
    await other.end();
    await touched;
    const rows = await fleet.sql<{ at: Date }>(
      'select last_seen_at at from cluster_rollup where cluster_id = any($1::bigint[])',
      [[first, second]],
    );
    expect(rows.map(({ at }) => at.getTime())).toEqual([heardAt.getTime(), heardAt.getTime()]);
  });
});
