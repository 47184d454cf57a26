// Instances to heal, from Postgres.
import { Injectable } from '@nestjs/common';
import type { SqlTransaction } from '../platform/database/database.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import { clusterJoin, driftFilterSql, DriftParameters } from './drift-filter-sql.ts';
import { HealStore, type DriftedInstance } from './heal-store.ts';

@Injectable()
export class PrismaHealStore extends HealStore {
  override drifted(
    tx: SqlTransaction,
    filter: DriftFilter,
    limit: number,
    now: Date,
  ): Promise<DriftedInstance[]> {
    const parameters = new DriftParameters();
    const where = driftFilterSql(filter, parameters, now);
    return tx.sql<DriftedInstance>(
      `select distinct d.cluster_id "clusterId", d.instance_id "instanceId" from drift_item d
         join instance i on i.id = d.instance_id and i.tombstone is null ${clusterJoin(filter)}
        where ${where} and d.exception_id is null order by 1, 2 limit ${parameters.add(limit)}`,
      parameters.values,
    );
  }
}
