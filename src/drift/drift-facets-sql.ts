// Counts of open drift by several dimensions, in one pass over what the filter names.
import type { DriftDimension, DriftFilter } from './domain/drift-filter.ts';
import { clusterJoin, driftFilterSql, DriftParameters } from './drift-filter-sql.ts';
import type { Statement } from './drift-page-sql.ts';

const columns: Readonly<Record<DriftDimension, string>> = {
  APPLICATION: 'application_id',
  ENVIRONMENT: 'environment_id',
  CLUSTER: 'cluster_id',
  OBJECT_KIND: 'kind',
  PATH: 'path',
  MANAGER: 'manager',
  MANAGER_CLASS: 'manager_class',
  TYPE: 'type',
};

/** Ids become names once they are few. */
const values: Readonly<Record<DriftDimension, string>> = {
  APPLICATION: `coalesce((select name from application where id = t.value), '')`,
  ENVIRONMENT: `coalesce((select name from environment where id = t.value), '')`,
  CLUSTER: `coalesce((select name from cluster where id = t.value), '')`,
  OBJECT_KIND: 't.value',
  PATH: 't.value',
  MANAGER: 't.value',
  MANAGER_CLASS: 't.value::text',
  TYPE: 't.value::text',
};

/**
 * The `top` values of each dimension, the largest first. Counted in steps (by instance, by cluster, by value), because
 * that hashes where `count(distinct)` would sort.
 */
export function facetsSql(
  filter: DriftFilter,
  by: readonly DriftDimension[],
  top: number,
  now: Date,
): Statement {
  const parameters = new DriftParameters();
  const where = driftFilterSql(filter, parameters, now);
  const limit = parameters.add(top);
  const dimensions = [...new Set(by)];
  const read = [...new Set(['cluster_id', ...dimensions.map((dimension) => columns[dimension])])];
  const parts = dimensions.map((dimension) => `(${dimensionSql(dimension, limit)})`);
  const text = `with f as materialized (
      select d.instance_id, ${read.map((column) => `d.${column}`).join(', ')} from drift_item d ${clusterJoin(filter)} where ${where}
    ) ${parts.join(' union all ')}`;
  return { text, values: parameters.values };
}

function dimensionSql(dimension: DriftDimension, limit: string): string {
  const byInstance = `select ${columns[dimension]} "value", cluster_id, instance_id, count(*) items from f group by 1, 2, 3`;
  const byCluster = `select "value", cluster_id, count(*) instances, sum(items) items from (${byInstance}) b group by 1, 2`;
  return `select '${dimension}' "by", ${values[dimension]} "value", items, instances, clusters from (
      select "value", sum(items)::int items, sum(instances)::int instances, count(*)::int clusters
        from (${byCluster}) v group by 1 order by items desc, "value" limit ${limit}
    ) t`;
}
