// Summaries from roll-ups: what they cost does not grow with the number of instances. Only a filter that roll-ups know
// nothing of (sync, health, drift, release, or a slot and a cluster at once) makes it count rows.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import { EMPTY_SUMMARY, type FleetSummary } from './domain/fleet-summary.ts';
import type { InstanceFilter } from './domain/instance.ts';
import { rollupColumns, type RollupCounts } from './domain/rollup.ts';
import type { SlotKey } from './domain/slot-key.ts';
import {
  instanceFilterSql,
  instanceJoins,
  rollupFilterSql,
  SqlParameters,
  staleSql,
} from './instance-filter-sql.ts';
import { SummaryStore, type SummaryKind } from './instance-store.ts';
import { summedCounts } from './rollup-sql.ts';

// Each roll-up has those of them that it is asked for.
const rollupKeys = {
  application: 'r.application_id',
  environment: 'r.environment_id',
  cluster: 'r.cluster_id',
};

type CountRow = RollupCounts & { readonly stale?: number };

@Injectable()
export class PrismaSummaryStore extends SummaryStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async fleet(filter: InstanceFilter, onlineSince: Date): Promise<FleetSummary> {
    if (namesOnly(filter, ['cluster', 'selector'])) return this.ofClusters(filter, onlineSince);
    if (namesOnly(filter, ['application', 'environment'])) return this.ofSlots(filter, onlineSince);
    return this.counted(filter, onlineSince);
  }

  override async byIds(
    kind: SummaryKind,
    ids: readonly bigint[],
    onlineSince: Date,
  ): Promise<ReadonlyMap<bigint, FleetSummary>> {
    const [counts, stale] = await Promise.all([
      this.database.sql<RollupCounts & { id: bigint }>(countsOf[kind], [ids]),
      this.database.sql<{ id: bigint; stale: number }>(staleOf[kind], [ids, onlineSince]),
    ]);
    const staleById = new Map(stale.map((row) => [row.id, row.stale]));
    return new Map(counts.map(({ id, ...row }) => [id, { counts: row, stale: staleById.get(id) ?? 0 }]));
  }

  override async bySlots(
    slots: readonly SlotKey[],
    onlineSince: Date,
  ): Promise<ReadonlyMap<string, FleetSummary>> {
    const keys = [slots.map((slot) => slot.applicationId), slots.map((slot) => slot.environmentId)];
    const [counts, stale] = await Promise.all([
      this.database.sql<RollupCounts & { key: string }>(slotCountsSql, keys),
      this.database.sql<{ key: string; stale: number }>(slotStaleSql, [...keys, onlineSince]),
    ]);
    const staleByKey = new Map(stale.map((row) => [row.key, row.stale]));
    return new Map(counts.map(({ key, ...row }) => [key, { counts: row, stale: staleByKey.get(key) ?? 0 }]));
  }

  private async ofClusters(filter: InstanceFilter, onlineSince: Date): Promise<FleetSummary> {
    const parameters = new SqlParameters();
    const stale = staleSql(parameters.add(onlineSince));
    const where = rollupFilterSql(filter, parameters, rollupKeys, onlineSince);
    const rows = await this.database.sql<CountRow>(
      `select ${summedCounts}, coalesce(sum(r.instances) filter (where ${stale}), 0)::int stale
         from cluster_rollup r join cluster c on c.id = r.cluster_id where ${where}`,
      parameters.values,
    );
    return toSummary(rows);
  }

  private async ofSlots(filter: InstanceFilter, onlineSince: Date): Promise<FleetSummary> {
    const parameters = new SqlParameters();
    const where = rollupFilterSql(filter, parameters, rollupKeys, onlineSince);
    const [rows, { stale }] = await Promise.all([
      this.database.sql<CountRow>(
        `select ${summedCounts} from slot_rollup r where ${where}`,
        parameters.values,
      ),
      this.staleCount(filter, onlineSince),
    ]);
    return { ...toSummary(rows), stale };
  }

  private async staleCount(filter: InstanceFilter, onlineSince: Date): Promise<{ readonly stale: number }> {
    const parameters = new SqlParameters();
    const where = instanceFilterSql({ ...filter, stale: true }, parameters, onlineSince);
    const [row] = await this.database.sql<{ stale: number }>(
      `select count(*)::int stale from instance i join cluster c on c.id = i.cluster_id
         left join cluster_rollup r on r.cluster_id = c.id where ${where}`,
      parameters.values,
    );
    return row ?? { stale: 0 };
  }

  private async counted(filter: InstanceFilter, onlineSince: Date): Promise<FleetSummary> {
    const parameters = new SqlParameters();
    const stale = staleSql(parameters.add(onlineSince));
    const where = instanceFilterSql(filter, parameters, onlineSince);
    const rows = await this.database.sql<CountRow>(
      `select ${countedColumns}, count(*) filter (where ${stale})::int stale from ${instanceJoins} where ${where}`,
      parameters.values,
    );
    return toSummary(rows);
  }
}

/** Whether the filter gives no condition but these. */
function namesOnly(filter: InstanceFilter, names: readonly (keyof InstanceFilter)[]): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || names.includes(name as keyof InstanceFilter),
  );
}

function toSummary([row]: readonly CountRow[]): FleetSummary {
  if (!row) return EMPTY_SUMMARY;
  const { stale = 0, ...counts } = row;
  return { counts, stale };
}

const countsOf: Readonly<Record<SummaryKind, string>> = {
  CLUSTER: `select r.cluster_id id, ${summedCounts} from cluster_rollup r where r.cluster_id = any($1::bigint[]) group by 1`,
  ENVIRONMENT: `select r.environment_id id, ${summedCounts} from slot_rollup r where r.environment_id = any($1::bigint[]) group by 1`,
  APPLICATION: `select r.application_id id, ${summedCounts} from slot_rollup r where r.application_id = any($1::bigint[]) group by 1`,
};

const staleOf: Readonly<Record<SummaryKind, string>> = {
  CLUSTER: `select r.cluster_id id, r.instances stale from cluster_rollup r join cluster c on c.id = r.cluster_id
     where r.cluster_id = any($1::bigint[]) and ${staleSql('$2')}`,
  ENVIRONMENT: staleInstancesSql('i.environment_id'),
  APPLICATION: staleInstancesSql('i.application_id'),
};

/** Begins at the clusters that are not ONLINE, which are few. */
function staleInstancesSql(column: string): string {
  return `select ${column} id, count(*)::int stale
    from cluster c left join cluster_rollup r on r.cluster_id = c.id join instance i on i.cluster_id = c.id
   where ${column} = any($1::bigint[]) and i.tombstone is null and ${staleSql('$2')} group by 1`;
}

const slotKeys = 'unnest($1::bigint[], $2::bigint[]) as k(application_id, environment_id)';
const slotKey = `k.application_id || '/' || k.environment_id as key`;

const slotCountsSql = `select ${slotKey}, ${summedCounts} from ${slotKeys}
  join slot_rollup r on r.application_id = k.application_id and r.environment_id = k.environment_id group by 1`;

const slotStaleSql = `select ${slotKey}, count(*)::int stale from ${slotKeys}
  join instance i on i.application_id = k.application_id and i.environment_id = k.environment_id and i.tombstone is null
  join cluster c on c.id = i.cluster_id left join cluster_rollup r on r.cluster_id = c.id
 where ${staleSql('$3')} group by 1`;

const countOf = (condition: string): string => `count(*) filter (where ${condition})`;

const countSql: Readonly<Record<(typeof rollupColumns)[number], string>> = {
  instances: 'count(*)',
  synced: countOf("s.sync = 'SYNCED'"),
  outOfSync: countOf("s.sync = 'OUT_OF_SYNC'"),
  syncing: countOf("s.sync = 'SYNCING'"),
  failed: countOf("s.sync = 'FAILED'"),
  healthy: countOf("s.health = 'HEALTHY'"),
  progressing: countOf("s.health = 'PROGRESSING'"),
  degraded: countOf("s.health = 'DEGRADED'"),
  suspended: countOf("s.health = 'SUSPENDED'"),
  missing: countOf("s.health = 'MISSING'"),
  drifted: countOf('s.drift_count > 0'),
  driftItems: 'coalesce(sum(s.drift_count), 0)',
};

const countedColumns = rollupColumns.map((column) => `(${countSql[column]})::int "${column}"`).join(', ');
