// Clusters are locked before their instances, whoever changes them: otherwise two changes wait for each other.
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { assignRelease, seedFleet, startFleet, type Fleet, type SeededFleet } from './delivery-fixture.ts';

let hub: TestHub;
let fleet: Fleet;
let seeded: SeededFleet;
let assigner: Client;

beforeAll(async () => {
  hub = await startTestHub();
  fleet = await startFleet(hub.databaseUrl);
  assigner = new Client({ connectionString: hub.databaseUrl });
  await assigner.connect();
});
afterAll(async () => {
  await assigner.end();
  await fleet.stop();
  await hub.stop();
});

beforeEach(async () => {
  await fleet.sql('truncate cluster, environment, policy, application, repository, instance cascade');
  seeded = await seedFleet(fleet, {
    clusters: { a: 'dev', b: 'dev' },
    environments: ['dev'],
    applications: ['shop'],
  });
  await fleet.follow({
    environmentIds: [...seeded.environmentIds.values()],
    applicationIds: [...seeded.applicationIds.values()],
  });
});

const clusterOf = (name: string): bigint => seeded.clusterIds.get(name)!;

/** What an assignment does: its clusters first, and then its instances, while the other change waits for a cluster. */
async function assignAround<Value>(
  clusters: readonly bigint[],
  change: () => Promise<Value>,
): Promise<Value> {
  await assigner.query('begin');
  await assigner.query('select from cluster where id = any($1::bigint[]) for no key update', [clusters]);
  const changed = change();
  await until('the change to wait for a lock', async () => {
    // Not by the assigner: within a transaction Postgres shows it what it saw first.
    const waiting = await fleet.sql(
      'select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
    );
    return waiting.length > 0;
  });
  try {
    // Postgres would end one of the two here; "nowait" says the same at once, and always of the same one.
    await assigner.query('select from instance where cluster_id = any($1::bigint[]) for update nowait', [
      clusters,
    ]);
  } finally {
    await assigner.query('rollback');
  }
  return changed;
}

const remove = (field: string, name: string) =>
  hub.graphql(
    `mutation ($name: String!) { ${field}(name: $name, confirmRemovals: 2) { refusal { message } } }`,
    { name },
  );

describe('clusters are locked before their instances', () => {
  for (const [thing, field, name] of [
    ['an application', 'deleteApplication', 'shop'],
    ['an environment', 'deleteEnvironment', 'dev'],
  ] as const) {
    it(`when ${thing} is deleted while it is assigned`, async () => {
      await assignRelease(fleet, seeded, {
        application: 'shop',
        environment: 'dev',
        number: 1,
        clusters: ['a', 'b'],
      });
      expect(await assignAround([clusterOf('a')], () => remove(field, name))).toEqual({
        [field]: { refusal: null },
      });
    });

    it(`when ${thing} is deleted that was never assigned`, async () => {
      expect(await assignAround([clusterOf('a')], () => remove(field, name))).toEqual({
        [field]: { refusal: null },
      });
    });
  }

  it('when a render failed for one cluster and went well for another', async () => {
    const assigned = () =>
      fleet.database.transaction((tx) =>
        fleet.delivery.assign(tx, {
          applicationId: seeded.applicationIds.get('shop')!,
          environmentId: seeded.environmentIds.get('dev')!,
          releaseId: 1n,
          releaseNumber: 1,
          promotionId: 1n,
          bundles: new Map([[clusterOf('a'), 'digest']]),
          errors: new Map([[clusterOf('b'), { code: 'RENDER_FAILED', message: 'no' }]]),
        }),
      );
    expect(await assignAround([clusterOf('a'), clusterOf('b')], assigned)).toHaveLength(1);
  });
});
