// Instances to heal, from Postgres.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import { wishOfItem } from './domain/heal-wish.ts';
import { clusterJoin, driftFilterSql, DriftParameters } from './drift-filter-sql.ts';
import { HealStore, type DriftedInstance } from './heal-store.ts';

interface Row extends Omit<DriftedInstance, 'items'> {
  readonly items: readonly Parameters<typeof wishOfItem>[0][];
}

const itemsSql = `jsonb_agg(jsonb_build_object('kind', d.kind, 'namespace', d.namespace, 'name', d.name, 'path', d.path,
  'type', d.type) order by d.id)`;

@Injectable()
export class PrismaHealStore extends HealStore {
  override async drifted(
    tx: Transaction,
    filter: DriftFilter,
    { limit, now, withItems }: { readonly limit: number; readonly now: Date; readonly withItems: boolean },
  ): Promise<DriftedInstance[]> {
    const parameters = new DriftParameters();
    const where = driftFilterSql(filter, parameters, now);
    const rows = await tx.sql<Row>(
      `select d.cluster_id "clusterId", d.instance_id "instanceId", ${withItems ? itemsSql : "'[]'::jsonb"} items
         from drift_item d join instance i on i.id = d.instance_id and i.tombstone is null ${clusterJoin(filter)}
        where ${where} and d.exception_id is null group by 1, 2 order by 1, 2 limit ${parameters.add(limit)}`,
      parameters.values,
    );
    return rows.map(({ items, ...instance }) => ({ ...instance, items: items.map(wishOfItem) }));
  }
}
