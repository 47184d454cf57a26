// Counts of open drift by several dimensions, in one pass over what the filter names.
import type { DriftDimension, DriftFilter } from './domain/drift-filter.ts';
import { clusterJoin, driftFilterSql, DriftParameters } from './drift-filter-sql.ts';
import type { Statement } from './drift-page-sql.ts';

/** A dimension's column, and what it is called by. */
interface Dimension {
  readonly column: string;
  /** Ids become names once they are few; texts are counted by their hash, and read of one of their items. */
  readonly kind: 'ID' | 'WORD' | 'TEXT';
}

const dimensions: Readonly<Record<DriftDimension, Dimension>> = {
  APPLICATION: { column: 'application_id', kind: 'ID' },
  ENVIRONMENT: { column: 'environment_id', kind: 'ID' },
  CLUSTER: { column: 'cluster_id', kind: 'ID' },
  OBJECT_KIND: { column: 'kind', kind: 'TEXT' },
  PATH: { column: 'path', kind: 'TEXT' },
  MANAGER: { column: 'manager', kind: 'TEXT' },
  MANAGER_CLASS: { column: 'manager_class', kind: 'WORD' },
  TYPE: { column: 'type', kind: 'WORD' },
};

/**
 * The `top` values of each dimension, the largest first. Counted in steps (by instance, by cluster, by value), because
 * that hashes where `count(distinct)` would sort; what an instance has only one of is counted by instances from the
 * beginning; and texts are counted by their 64-bit hashes, which takes half the time.
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
  const wanted = [...new Set(by)];
  const parts = wanted.map((dimension) => `(${dimensionSql(dimension, limit)})`);
  const text = `with f as materialized (
      select ${columnsSql(wanted)} from drift_item d ${clusterJoin(filter)} where ${where}
    ), g as materialized (
      select instance_id, cluster_id, application_id, environment_id, min(id) id, count(*) items from f group by 1, 2, 3, 4
    ) ${parts.join(' union all ')}`;
  return { text, values: parameters.values };
}

const keys = ['d.id', 'd.instance_id', 'd.cluster_id', 'd.application_id', 'd.environment_id'];

function columnsSql(wanted: readonly DriftDimension[]): string {
  const columns = wanted.map((dimension) => {
    const { column, kind } = dimensions[dimension];
    return kind === 'TEXT' ? `hashtextextended(d.${column}, 0) ${column}_hash` : `d.${column}`;
  });
  return [...new Set([...keys, ...columns])].join(', ');
}

function dimensionSql(dimension: DriftDimension, limit: string): string {
  const { column, kind } = dimensions[dimension];
  const key = kind === 'TEXT' ? `${column}_hash` : column;
  const byInstance =
    kind === 'ID'
      ? `select ${column} "key", cluster_id, id, items from g`
      : `select ${key} "key", cluster_id, instance_id, min(id) id, count(*) items from f group by 1, 2, 3`;
  const byCluster = `select "key", cluster_id, min(id) id, count(*) instances, sum(items) items from (${byInstance}) b group by 1, 2`;
  return `select '${dimension}' "by", ${valueSql(column, kind)} "value", items, instances, clusters from (
      select "key", min(id) id, sum(items)::int items, sum(instances)::int instances, count(*)::int clusters
        from (${byCluster}) v group by 1 order by items desc, "key" limit ${limit}
    ) t order by items desc, "value"`;
}

function valueSql(column: string, kind: Dimension['kind']): string {
  switch (kind) {
    case 'ID':
      return `coalesce((select name from ${column.replace('_id', '')} where id = t."key"), '')`;
    case 'WORD':
      return 't."key"::text';
    case 'TEXT':
      return `(select d.${column} from drift_item d where d.id = t.id)`;
  }
}
