// Assignments in Postgres. Locks are taken in one order everywhere: clusters, instances, statuses, roll-ups, each by id.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import {
  AssignmentStore,
  type AssignedInstance,
  type AssignmentErrors,
  type AssignmentResult,
  type InstanceExceptions,
  type NewAssignment,
  type PendingPrune,
  type PruneRequest,
} from './assignment-store.ts';
import type { ApplicationSettings, AssignedSettings } from './domain/assigned-settings.ts';
import { type InstanceState } from './domain/instance-state.ts';
import { rollupDeltas } from './domain/rollup.ts';
import type { SlotKey } from './domain/slot-key.ts';
import { raiseGenerations, raiseSql, type ClusterGeneration } from './generation-sql.ts';
import { applyRollups } from './rollup-sql.ts';

@Injectable()
export class PrismaAssignmentStore extends AssignmentStore {
  override async settingsOf(tx: Transaction, { applicationId, environmentId }: SlotKey) {
    const [row] = await tx.sql<ApplicationSettings & { environment: string }>(
      `select a.namespace, a.service_account_name "serviceAccountName", a.sync_policy "syncPolicy",
              a.health_rules "healthRules", e.name environment
         from application a, environment e where a.id = $1 and e.id = $2`,
      [applicationId, environmentId],
    );
    return row;
  }

  override assignedSlots(tx: Transaction, applicationId: bigint): Promise<SlotKey[]> {
    return tx.sql<SlotKey>(
      `select distinct application_id "applicationId", environment_id "environmentId" from instance
        where application_id = $1 and environment_id is not null and tombstone is null and generation > 0`,
      [applicationId],
    );
  }

  override async assignedApplications(tx: Transaction): Promise<bigint[]> {
    const rows = await tx.sql<{ id: bigint }>(
      `select a.id from application a
        where exists (select from instance i
                       where i.application_id = a.id and i.tombstone is null and i.generation > 0) order by a.id`,
    );
    return rows.map(({ id }) => id);
  }

  override async assign(tx: Transaction, assignment: NewAssignment): Promise<AssignmentResult> {
    const {
      applicationId,
      environmentId,
      releaseId,
      bundles,
      settings,
      promotionId,
      again = false,
    } = assignment;
    const slot = [applicationId, environmentId];
    const [clusterIds, digests] = [[...bundles.keys()], [...bundles.values()]];
    const generations = await this.raise(
      tx,
      `select i.cluster_id from unnest($3::bigint[], $4::text[]) as t(cluster_id, digest) ${theirInstances}
        where ((i.release_id, i.bundle_digest, i.settings) is distinct from ($5::bigint, t.digest, $6::jsonb)
            or ($7::boolean and i.promotion_id is distinct from $8::bigint))`,
      [...slot, clusterIds, digests, releaseId, JSON.stringify(settings), again, promotionId],
    );
    await this.write(tx, assignment, generations);
    const instances = await tx.sql<AssignedInstance>(
      `select cluster_id "clusterId", id "instanceId", generation, bundle_digest "bundleDigest" from instance
        where application_id = $1 and environment_id = $2 and cluster_id = any($3::bigint[]) and tombstone is null
        order by cluster_id`,
      [...slot, clusterIds],
    );
    const raised = new Set(generations.map(([id]) => id));
    const changedIds = instances
      .filter(({ clusterId }) => raised.has(clusterId))
      .map((row) => row.instanceId);
    await markOutOfSync(tx, changedIds);
    return { instances, changedIds, generations };
  }

  override async reassignSettings(
    tx: Transaction,
    { applicationId, environmentId }: SlotKey,
    settings: AssignedSettings,
  ): Promise<AssignmentResult> {
    const values = [applicationId, environmentId, JSON.stringify(settings)];
    const generations = await this.raise(
      tx,
      `select i.cluster_id from instance i where i.application_id = $1 and i.environment_id = $2
          and i.tombstone is null and i.generation > 0 and i.settings is distinct from $3::jsonb`,
      values,
    );
    if (generations.length === 0) return { instances: [], changedIds: [], generations };
    const instances = await tx.sql<AssignedInstance>(
      `update instance i set settings = $3::jsonb, generation = t.generation
         from (select i.id, t.generation
                 from unnest($4::bigint[], $5::bigint[]) as t(cluster_id, generation) ${theirInstances}) t
        where i.id = t.id and i.tombstone is null and i.generation > 0
       returning ${assignedColumns}`,
      [...values, ...generationArrays(generations)],
    );
    const changedIds = instances.map(({ instanceId }) => instanceId);
    await markOutOfSync(tx, changedIds);
    return { instances, changedIds, generations };
  }

  override async assignExceptions(
    tx: Transaction,
    changes: readonly InstanceExceptions[],
  ): Promise<AssignmentResult> {
    const values = [
      changes.map(({ instanceId }) => instanceId),
      changes.map(({ exceptions }) => JSON.stringify(exceptions)),
    ];
    const changed = `instance i join unnest($1::bigint[], $2::jsonb[]) as t(id, exceptions) on t.id = i.id
       and i.tombstone is null and i.exceptions is distinct from t.exceptions`;
    const generations = await this.raise(
      tx,
      `select i.cluster_id from ${changed} where i.generation > 0`,
      values,
    );
    // One that is not assigned yet only keeps them: its first assignment brings them along.
    const rows = await tx.sql<AssignedInstance>(
      `update instance i
          set exceptions = n.exceptions, generation = case when i.generation > 0 then n.generation else 0 end
         from (select i.id, t.exceptions, g.generation from ${changed}
                 left join unnest($3::bigint[], $4::bigint[]) as g(cluster_id, generation) on g.cluster_id = i.cluster_id
                order by i.id) n
        where i.id = n.id and (i.generation = 0 or n.generation is not null)
       returning ${assignedColumns}`,
      [...values, ...generationArrays(generations)],
    );
    const instances = rows.filter(({ generation }) => generation > 0n);
    const changedIds = instances.map(({ instanceId }) => instanceId);
    await markOutOfSync(tx, changedIds);
    return { instances, changedIds, generations };
  }

  override async noteErrors(tx: Transaction, slot: SlotKey, errors: AssignmentErrors): Promise<void> {
    if (errors.size === 0) return;
    await tx.sql(
      `update instance i set assignment_error = t.error
         from (select i.id, t.error from unnest($3::bigint[], $4::jsonb[]) as t(cluster_id, error) ${theirInstances}) t
        where i.id = t.id and i.tombstone is null and i.assignment_error is distinct from t.error`,
      [
        slot.applicationId,
        slot.environmentId,
        [...errors.keys()],
        [...errors.values()].map((error) => JSON.stringify(error)),
      ],
    );
  }

  override async lockPendingPrune(tx: Transaction, trackingId: string): Promise<PendingPrune | undefined> {
    const [found] = await tx.sql<{ clusterId: bigint }>(
      'select cluster_id "clusterId" from instance where tracking_id = $1 and tombstone is null',
      [trackingId],
    );
    if (!found) return undefined;
    await tx.sql('select from cluster where id = $1 for no key update', [found.clusterId]);
    const [row] = await tx.sql<PendingPrune>(
      `select i.id "instanceId", i.cluster_id "clusterId", i.generation, i.release_number "releaseNumber",
              i.application_name application, i.environment_name environment, c.name cluster,
              case when s.generation = i.generation then jsonb_array_length(s.pending_prune) else 0 end pending
         from instance i join cluster c on c.id = i.cluster_id left join instance_status s on s.instance_id = i.id
        where i.tracking_id = $1 and i.tombstone is null`,
      [trackingId],
    );
    return row && { ...row, pending: row.pending ?? 0 };
  }

  override async approvePrune(tx: Transaction, request: PruneRequest): Promise<AssignmentResult> {
    const generations = await raiseGenerations(tx.sql, [request.clusterId]);
    const instances = await tx.sql<AssignedInstance>(
      `update instance i set generation = t.generation, approved_prune = t.generation
         from unnest($2::bigint[], $3::bigint[]) as t(cluster_id, generation)
        where i.id = $1 and i.cluster_id = t.cluster_id and i.generation = $4
       returning ${assignedColumns}`,
      [request.instanceId, ...generationArrays(generations), request.generation],
    );
    const changedIds = instances.map(({ instanceId }) => instanceId);
    await markOutOfSync(tx, changedIds);
    return { instances, changedIds, generations };
  }

  override raiseClusters(
    tx: Transaction,
    after: bigint,
    limit: number,
  ): Promise<readonly ClusterGeneration[]> {
    const next = 'select id from cluster where id > $1 and revoked_at is null order by id limit $2';
    return this.raise(tx, next, [after, limit]);
  }

  private async raise(
    tx: Transaction,
    clusterIdsQuery: string,
    values: readonly unknown[],
  ): Promise<readonly ClusterGeneration[]> {
    const rows = await tx.sql<{ id: bigint; generation: bigint }>(raiseSql(clusterIdsQuery), values);
    return rows.map(({ id, generation }) => [id, generation]);
  }

  /** An instance that has it all already only learns which promotion now counts on it: its agent need not know. */
  private async write(
    tx: Transaction,
    assignment: NewAssignment,
    generations: readonly ClusterGeneration[],
  ): Promise<void> {
    const raised = new Map(generations);
    const clusterIds = [...assignment.bundles.keys()].sort((a, b) => (a < b ? -1 : 1));
    await tx.sql(
      `update instance i
          set release_id = $3, release_number = $4, promotion_id = $5, settings = $6::jsonb, bundle_digest = t.digest,
              generation = coalesce(t.generation, i.generation), assignment_error = null,
              assigned_at = case when t.generation is null then i.assigned_at else now() end
         from (select i.id, t.digest, t.generation
                 from unnest($7::bigint[], $8::text[], $9::bigint[]) as t(cluster_id, digest, generation) ${theirInstances}) t
        where i.id = t.id and i.tombstone is null
          and (t.generation is not null or i.promotion_id is distinct from $5 or i.assignment_error is not null)`,
      [
        assignment.applicationId,
        assignment.environmentId,
        assignment.releaseId,
        assignment.releaseNumber,
        assignment.promotionId,
        JSON.stringify(assignment.settings),
        clusterIds,
        clusterIds.map((id) => assignment.bundles.get(id)),
        clusterIds.map((id) => raised.get(id) ?? null),
      ],
    );
  }
}

// The slot's living instance on each cluster of `t`, looked up one by one: of a new application the planner knows
// nothing, takes its thousands of instances for one, and would compare each with each. $1 application, $2 environment.
const theirInstances = `cross join lateral (
  select * from instance where application_id = $1 and environment_id = $2 and cluster_id = t.cluster_id
     and tombstone is null offset 0) i`;

const assignedColumns = `i.cluster_id "clusterId", i.id "instanceId", i.generation, i.bundle_digest "bundleDigest"`;

function generationArrays(generations: readonly ClusterGeneration[]): bigint[][] {
  return [generations.map(([id]) => id), generations.map(([, generation]) => generation)];
}

interface OutdatedState extends InstanceState, SlotKey {
  readonly clusterId: bigint;
}

/** What was reported speaks of an earlier generation from now on; it never shows SYNCED, not even for a moment. */
async function markOutOfSync(tx: Transaction, instanceIds: readonly bigint[]): Promise<void> {
  if (instanceIds.length === 0) return;
  const outdated = await tx.sql<OutdatedState>(
    `with old as (
       select instance_id, sync from instance_status where instance_id = any($1::bigint[]) and sync <> 'OUT_OF_SYNC'
        order by instance_id for no key update
     )
     update instance_status s set sync = 'OUT_OF_SYNC', changed_at = now() from old where s.instance_id = old.instance_id
     returning old.sync, s.health, s.drift_count "driftCount", s.cluster_id "clusterId",
               s.application_id "applicationId", s.environment_id "environmentId"`,
    [instanceIds],
  );
  const changes = outdated.map((before) => ({
    clusterId: before.clusterId,
    slot: before,
    before,
    after: { ...before, sync: 'OUT_OF_SYNC' as const },
  }));
  await applyRollups(tx.sql, rollupDeltas(changes));
}
