// Adds differences to the roll-ups: one statement per table, rows in the order of their keys, so that writers that
// meet wait for each other instead of deadlocking. Every writer comes here last, after instances and statuses.
import type { Sql } from '../platform/database/database.ts';
import { rollupColumns, type RollupColumn, type RollupCounts, type RollupDeltas } from './domain/rollup.ts';

/** Column names in the database. */
const sqlColumns: Readonly<Record<RollupColumn, string>> = {
  instances: 'instances',
  synced: 'synced',
  outOfSync: 'out_of_sync',
  syncing: 'syncing',
  failed: 'failed',
  healthy: 'healthy',
  progressing: 'progressing',
  degraded: 'degraded',
  suspended: 'suspended',
  missing: 'missing',
  drifted: 'drifted',
  driftItems: 'drift_items',
};

const names = rollupColumns.map((column) => sqlColumns[column]);

/** `sum(r.synced)::int "synced", …`: the counts of many rows of a roll-up as one. */
export const summedCounts = rollupColumns
  .map((column) => `coalesce(sum(r.${sqlColumns[column]}), 0)::int "${column}"`)
  .join(', ');

/** In the transaction of the change itself. */
export async function applyRollups(sql: Sql, { clusters, slots }: RollupDeltas): Promise<void> {
  if (clusters.length > 0) {
    await sql(clusterStatement, [clusters.map(({ clusterId }) => clusterId), ...countArrays(clusters)]);
  }
  if (slots.length > 0) {
    const keys = [slots.map((slot) => slot.applicationId), slots.map((slot) => slot.environmentId)];
    await sql(slotStatement, [...keys, ...countArrays(slots)]);
  }
}

const clusterStatement = statement('cluster_rollup', ['cluster_id']);
const slotStatement = statement('slot_rollup', ['application_id', 'environment_id']);

function statement(table: string, keys: readonly string[]): string {
  const columns = [...keys, ...names].join(', ');
  const arrays = [...keys.map(() => 'bigint'), ...names.map(() => 'int')].map(
    (type, index) => `$${index + 1}::${type}[]`,
  );
  return `insert into ${table} (${columns})
    select ${columns} from unnest(${arrays.join(', ')}) as d(${columns}) order by ${keys.join(', ')}
    on conflict (${keys.join(', ')}) do update
      set ${names.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`;
}

function countArrays(rows: readonly { readonly counts: RollupCounts }[]): number[][] {
  return rollupColumns.map((column) => rows.map(({ counts }) => counts[column]));
}
