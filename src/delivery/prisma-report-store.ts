// Reports in Postgres: a few statements over arrays for up to some hundred rows, none per row.
// Locks in the order of all writers: instances (only those never reported), statuses, roll-ups, each by id.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { StoredReport } from './domain/report-decision.ts';
import type { RollupDeltas } from './domain/rollup.ts';
import type { ReportPosition } from './domain/report-decision.ts';
import { ReportStore, type LockedInstance, type ReportEntry, type StatusWrite } from './report-store.ts';
import { applyRollups } from './rollup-sql.ts';

type LockedRow = Omit<LockedInstance, 'stored'> & {
  readonly [key in keyof StoredReport as `stored${Capitalize<key>}`]: StoredReport[key] | null;
};

@Injectable()
export class PrismaReportStore extends ReportStore {
  override async lock(tx: Transaction, trackingIds: readonly string[]): Promise<LockedInstance[]> {
    const found = await tx.sql<{ id: bigint; isNew: boolean }>(
      `select i.id, s.instance_id is null "isNew" from instance i
         left join instance_status s on s.instance_id = i.id where i.tracking_id = any($1::text[])`,
      [trackingIds],
    );
    const ids = found.map(({ id }) => id);
    const newIds = found.filter(({ isNew }) => isNew).map(({ id }) => id);
    // Where there is no status row to lock yet, the instance's own row stands for it.
    if (newIds.length > 0) {
      await tx.sql('select from instance where id = any($1::bigint[]) order by id for no key update', [
        newIds,
      ]);
    }
    await tx.sql(
      'select from instance_status where instance_id = any($1::bigint[]) order by instance_id for no key update',
      [ids],
    );
    // Read after the locks, in a statement of its own: only now does it see what others committed meanwhile.
    const rows = await tx.sql<LockedRow>(lockedSql, [ids]);
    return rows.map(toLocked);
  }

  override async write(tx: Transaction, writes: readonly StatusWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const sorted = [...writes].sort((a, b) => (a.instance.id < b.instance.id ? -1 : 1));
    await tx.sql(
      upsertSql,
      statusColumns.map(({ value }) => sorted.map(value)),
    );
    await replaceObjects(
      tx,
      sorted.filter(({ objectsChanged }) => objectsChanged),
    );
  }

  override async advance(
    tx: Transaction,
    positions: readonly (ReportPosition & { readonly instanceId: bigint })[],
  ): Promise<void> {
    if (positions.length === 0) return;
    await tx.sql(
      `update instance_status s set session = t.session, sequence = t.sequence
         from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as t(instance_id, session, sequence)
        where s.instance_id = t.instance_id and (s.session, s.sequence) < (t.session, t.sequence)`,
      [
        positions.map(({ instanceId }) => instanceId),
        positions.map(({ session }) => session),
        positions.map(({ sequence }) => sequence),
      ],
    );
  }

  override applyRollups(tx: Transaction, deltas: RollupDeltas): Promise<void> {
    return applyRollups(tx.sql, deltas);
  }
}

const lockedSql = `
  select i.id, i.tracking_id "trackingId", i.cluster_id "clusterId", i.application_id "applicationId",
         i.environment_id "environmentId", i.generation, i.bundle_digest "bundleDigest",
         i.release_number "releaseNumber", i.tombstone is not null tombstoned, c.session "currentSession",
         i.application_name application, i.environment_name environment, c.name cluster,
         s.session "storedSession", s.sequence "storedSequence", s.generation "storedGeneration",
         s.bundle_digest "storedBundleDigest", s.sync "storedSync", s.health "storedHealth",
         s.drift_count "storedDriftCount", s.content_hash "storedContentHash", s.release_number "storedReleaseNumber"
    from instance i
    join cluster c on c.id = i.cluster_id
    left join instance_status s on s.instance_id = i.id
   where i.id = any($1::bigint[]) and i.application_id is not null and i.environment_id is not null`;

function toLocked(row: LockedRow): LockedInstance {
  const { storedSession, storedSequence, storedGeneration, storedBundleDigest, storedSync } = row;
  const { storedHealth, storedDriftCount, storedContentHash, storedReleaseNumber, ...instance } = row;
  if (storedSession === null) return { ...instance, stored: undefined };
  const stored = {
    session: storedSession,
    sequence: storedSequence,
    generation: storedGeneration,
    bundleDigest: storedBundleDigest,
    sync: storedSync,
    health: storedHealth,
    driftCount: storedDriftCount,
    contentHash: storedContentHash,
    releaseNumber: storedReleaseNumber,
  } as StoredReport;
  return { ...instance, stored };
}

interface StatusColumn {
  readonly name: string;
  readonly type: string;
  readonly value: (write: StatusWrite) => unknown;
}

function ofEntry(name: string, type: string, value: (entry: ReportEntry) => unknown): StatusColumn {
  return { name, type, value: ({ entry }) => value(entry) };
}

const statusColumns: readonly StatusColumn[] = [
  { name: 'instance_id', type: 'bigint', value: ({ instance }) => instance.id },
  { name: 'cluster_id', type: 'bigint', value: ({ instance }) => instance.clusterId },
  { name: 'application_id', type: 'bigint', value: ({ instance }) => instance.applicationId },
  { name: 'environment_id', type: 'bigint', value: ({ instance }) => instance.environmentId },
  { name: 'release_number', type: 'int', value: ({ releaseNumber }) => releaseNumber },
  { name: 'sync', type: '"SyncStatus"', value: ({ sync }) => sync },
  ofEntry('generation', 'bigint', (entry) => entry.generation),
  ofEntry('bundle_digest', 'text', (entry) => entry.bundleDigest),
  ofEntry('health', '"Health"', (entry) => entry.health),
  ofEntry('message', 'text', (entry) => entry.message),
  ofEntry('drift_count', 'int', (entry) => entry.driftCount),
  ofEntry('pending_prune', 'jsonb', (entry) => JSON.stringify(entry.pendingPrune)),
  ofEntry('truncated', 'boolean', (entry) => entry.truncated),
  ofEntry('content_hash', 'text', (entry) => entry.contentHash),
  ofEntry('session', 'bigint', (entry) => entry.session),
  ofEntry('sequence', 'bigint', (entry) => entry.sequence),
];

const columnNames = statusColumns.map(({ name }) => name).join(', ');
const columnArrays = statusColumns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
const updates = statusColumns.slice(1).map(({ name }) => `${name} = excluded.${name}`);

// The guard is the last defence: the rows are locked and were compared already.
const upsertSql = `
  insert into instance_status as s (${columnNames}, reported_at, changed_at)
  select ${columnNames}, now(), now() from unnest(${columnArrays}) as t(${columnNames}) order by instance_id
  on conflict (instance_id) do update set ${updates.join(', ')}, reported_at = now(),
    changed_at = case when (s.sync, s.health) is distinct from (excluded.sync, excluded.health)
                      then now() else s.changed_at end
  where (s.session, s.sequence) < (excluded.session, excluded.sequence)`;

async function replaceObjects(tx: Transaction, writes: readonly StatusWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await tx.sql('delete from instance_object where instance_id = any($1::bigint[])', [
    writes.map(({ instance }) => instance.id),
  ]);
  const rows = writes.flatMap(({ instance, entry }) =>
    entry.objects.map((object, position) => ({ ...object, position, instanceId: instance.id })),
  );
  if (rows.length === 0) return;
  await tx.sql(
    `insert into instance_object (instance_id, position, api_version, kind, namespace, name, sync, health, message)
     select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[],
                          $7::"SyncStatus"[], $8::"Health"[], $9::text[])`,
    [
      rows.map((row) => row.instanceId),
      rows.map((row) => row.position),
      rows.map((row) => row.apiVersion),
      rows.map((row) => row.kind),
      rows.map((row) => row.namespace ?? ''),
      rows.map((row) => row.name),
      rows.map((row) => row.sync),
      rows.map((row) => row.health),
      rows.map((row) => row.message),
    ],
  );
}
