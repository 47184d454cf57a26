// A cluster's generation: the order in which its agent learns of changes. Whoever changes an assignment raises it first
// and holds the cluster's row until commit, so generations become visible in their order and none is ever skipped.
import type { Sql } from '../platform/database/database.ts';

/** A cluster and the generation that it has reached. */
export type ClusterGeneration = readonly [clusterId: bigint, generation: bigint];

/** Raises each cluster's generation by one; rows are locked in the order of their ids. */
export async function raiseGenerations(
  sql: Sql,
  clusterIds: readonly bigint[],
): Promise<readonly ClusterGeneration[]> {
  if (clusterIds.length === 0) return [];
  const rows = await sql<{ id: bigint; generation: bigint }>(raiseSql('select unnest($1::bigint[])'), [
    [...new Set(clusterIds)],
  ]);
  return rows.map(({ id, generation }) => [id, generation]);
}

/** The statement of `raiseGenerations` for clusters that a query of one id column chooses. */
export function raiseSql(clusterIdsQuery: string): string {
  return `update cluster c set desired_generation = c.desired_generation + 1
    from (${lockSql(clusterIdsQuery)}) locked
   where c.id = locked.id
  returning c.id, c.desired_generation generation`;
}

/** Locks the clusters that a query of one id column chooses, in the order of their ids; answers those. */
export function lockSql(clusterIdsQuery: string): string {
  return `select id from cluster where id in (${clusterIdsQuery}) order by id for no key update`;
}
