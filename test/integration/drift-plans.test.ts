import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLabelSelector, type LabelSelector } from '../../src/clusters/domain/label-selector.ts';
import type { InstanceFilter } from '../../src/delivery/domain/instance.ts';
import { instancePageSql } from '../../src/delivery/prisma-instance-store.ts';
import type { DriftFilter } from '../../src/drift/domain/drift-filter.ts';
import { episodePageSql, itemPageSql } from '../../src/drift/drift-page-sql.ts';
import { slotDriftSql } from '../../src/drift/drift-slot-sql.ts';
import { startFleet, type Fleet } from './delivery-fixture.ts';
import { fleetStatements } from '../../bench/drift-queries/fleet-statements.ts';

const CLUSTERS = 4_000;
const APPLICATIONS = 20;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
  for (const statement of fleetStatements({ clusters: CLUSTERS, applications: APPLICATIONS })) {
    await fleet.sql(statement);
  }
}, 120_000);
afterAll(() => fleet.stop());

async function planOf({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) {
  const [row] = await fleet.sql<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  return nodesOf(row!['QUERY PLAN'][0]!.Plan);
}

/** As a connection plans a statement that it has under a name, after some uses. */
function genericPlanOf({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) {
  return fleet.database.transaction(async ({ sql }) => {
    await sql('set local plan_cache_mode = force_generic_plan');
    await sql(`prepare asked as ${text}`);
    const [row] = await sql<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (analyze, format json) execute asked(${values.map(literalOf).join(', ')})`,
    );
    await sql('deallocate asked');
    return nodesOf(row!['QUERY PLAN'][0]!.Plan);
  });
}

function literalOf(value: unknown): string {
  if (Array.isArray(value)) return `array[${value.map(literalOf).join(', ')}]`;
  return `'${value instanceof Date ? value.toISOString() : String(value)}'`;
}

function nodesOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Rows of the tables that were touched to give the answer. */
function rowsRead(plan: readonly Plan[], tables: RegExp): number {
  return plan
    .filter((node) => tables.test(node['Relation Name'] ?? ''))
    .reduce(
      (sum, node) =>
        sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)),
      0,
    );
}

const indexesOf = (plan: readonly Plan[]) => plan.flatMap((node) => node['Index Name'] ?? []);
const selector = (text: string) => parseLabelSelector(text) as LabelSelector;
const now = new Date();
const items = (filter: DriftFilter, after?: readonly [Date, bigint]) =>
  itemPageSql(filter, { first: 50, after, order: 'NEWEST' }, now);
const middle = async (): Promise<readonly [Date, bigint]> => {
  const [row] = await fleet.sql<{ first_seen_at: Date; id: bigint }>(
    'select first_seen_at, id from drift_item order by first_seen_at desc, id desc offset 300 limit 1',
  );
  return [row!.first_seen_at, row!.id];
};

describe('a page of drift', () => {
  it.each<[string, DriftFilter, string]>([
    ['everything', {}, 'drift_item_page'],
    ['an application', { application: 'app-7' }, 'drift_item_application'],
    ['an environment', { environment: 'dev' }, 'drift_item_environment'],
    ['a manager and a kind', { manager: 'helm', objectKind: 'Service' }, 'drift_item_manager'],
    ['a kind', { objectKind: 'Service' }, 'drift_item_kind'],
    ['a cluster', { cluster: 'cluster-77' }, 'drift_item_cluster'],
  ])('of %s goes along its index', async (_what, filter, index) => {
    const plan = await planOf(items(filter));
    expect(indexesOf(plan)).toContain(index);
    expect(rowsRead(plan, /^drift_item$/)).toBeLessThanOrEqual(51);
  });

  it('is as cheap in the middle of the list as at its beginning', async () => {
    const plan = await planOf(items({}, await middle()));
    expect(rowsRead(plan, /^drift_item$/)).toBe(51);
  });

  it('under a selector reads what the selector leaves out, and no more', async () => {
    const plan = await planOf(items({ selector: selector('env=prod') }, await middle()));
    expect(rowsRead(plan, /^drift_item$/)).toBeLessThan(150);
  });

  it('of one instance reads its items alone', async () => {
    const [row] = await fleet.sql<{ id: bigint }>('select instance_id id from drift_item limit 1');
    const plan = await planOf(
      itemPageSql({}, { first: 50, after: undefined, order: 'NEWEST', instanceId: row!.id }),
    );
    expect(indexesOf(plan)).toContain('drift_item_instance_id_episode_key');
    expect(rowsRead(plan, /^drift_item$/)).toBe(3);
  });

  it('of the history takes what it shows from both tables', async () => {
    const plan = await planOf(episodePageSql({}, {}, { first: 50, after: undefined }, now));
    expect(rowsRead(plan, /^drift_(item|episode)/)).toBeLessThanOrEqual(2 * 51);
  });
});

describe('what the whole fleet is asked', () => {
  const instances = (filter: InstanceFilter) =>
    planOf(instancePageSql(filter, 51, undefined, new Date(Date.now() - 90_000)));

  it.each<[string, InstanceFilter, string]>([
    ['drifted', { drifted: true }, 'instance_status_drifted'],
    ['failed', { sync: ['FAILED'] }, 'instance_status_not_synced'],
    ['degraded', { health: ['DEGRADED', 'MISSING'] }, 'instance_status_not_healthy'],
    ['not on a release', { application: 'app-7', notOnRelease: 2 }, 'instance_status_release'],
  ])('for instances that are %s begins at those', async (_what, filter, index) => {
    const plan = await instances(filter);
    expect(indexesOf(plan)).toContain(index);
    expect(rowsRead(plan, /^instance$/)).toBeLessThan(300);
  });

  it('is as cheap by a plan that was made for other values, which a frequent question gets', async () => {
    const selected = { environment: 'prod', selector: selector('env=prod,!edge') };
    const filter = { application: 'app-7', notOnRelease: 2, ...selected };
    const plan = await genericPlanOf(instancePageSql(filter, 51, undefined, new Date(Date.now() - 90_000)));
    expect(rowsRead(plan, /^instance$/)).toBeLessThan(300);
  });

  it('finds instances that never reported as not on a release, too', async () => {
    const count = async () => {
      const { text, values } = instancePageSql(
        { application: 'app-7', notOnRelease: 2 },
        5_000,
        undefined,
        now,
      );
      return (await fleet.sql(text, values)).length;
    };
    const before = await count();
    await fleet.sql(
      `delete from instance_status where release_number = 2 and instance_id in
         (select id from instance where application_name = 'app-7' order by id limit 3)`,
    );
    await fleet.sql(
      `update slot_rollup r set synced = (select count(*) from instance_status s where s.sync = 'SYNCED'
          and (s.application_id, s.environment_id) = (r.application_id, r.environment_id))`,
    );
    expect((await count()) - before).toBeGreaterThanOrEqual(2);
  });

  it('about one slot reads the drift of that slot', async () => {
    const [slot] = await fleet.sql<{ a: bigint; e: bigint; items: number }>(
      `select application_id a, environment_id e, count(*)::int items from drift_item group by 1, 2 order by 3 limit 1`,
    );
    const plan = await planOf({ text: slotDriftSql, values: [[slot!.a], [slot!.e], now] });
    expect(rowsRead(plan, /^drift_item$/)).toBeLessThan(400);
  });
});
