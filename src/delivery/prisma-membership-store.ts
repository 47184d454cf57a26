// Membership in Postgres: one statement per kind of scope, however many instances it concerns.
import { Injectable } from '@nestjs/common';
import type { Tombstone } from '@fairlead/protocol/assignment';
import type { FleetScope } from '../clusters/fleet-membership-port.ts';
import type { Transaction } from '../platform/database/database.ts';
import { instancePath } from './domain/removal-guard.ts';
import { UNKNOWN_STATE, type InstanceState } from './domain/instance-state.ts';
import { rollupDeltas, type InstanceChange } from './domain/rollup.ts';
import type { SlotKey } from './domain/slot-key.ts';
import { lockSql, raiseGenerations, type ClusterGeneration } from './generation-sql.ts';
import { MembershipStore, type AddedInstance, type UnwantedInstance } from './membership-store.ts';
import { applyRollups } from './rollup-sql.ts';

type ScopeKind = keyof FleetScope;

// Each kind by itself: with one condition the planner starts from its rows, with four joined by OR it reads everything.
const wantedWhere: Readonly<Record<ScopeKind, string>> = {
  clusterIds: 'm.cluster_id = any($1::bigint[])',
  environmentIds: 'm.environment_id = any($1::bigint[])',
  applicationIds: 'a.id = any($1::bigint[])',
  policyIds: 'a.policy_id = any($1::bigint[])',
};

const livingWhere: Readonly<Record<ScopeKind, string>> = {
  clusterIds: 'i.cluster_id = any($1::bigint[])',
  environmentIds: 'i.environment_id = any($1::bigint[])',
  applicationIds: 'i.application_id = any($1::bigint[])',
  policyIds: 'i.application_id in (select id from application where policy_id = any($1::bigint[]))',
};

// Application and environment are set null when their rows go; this order of the conditions is the partial index's.
const detachedWhere = '(i.application_id is null or i.environment_id is null)';

const wantedJoins = `application a
  join policy p on p.id = a.policy_id
  join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision
  join environment e on e.name = any(v.environments)
  join environment_member m on m.environment_id = e.id`;

@Injectable()
export class PrismaMembershipStore extends MembershipStore {
  override async unwanted(tx: Transaction, scope: FleetScope): Promise<UnwantedInstance[]> {
    const found = new Map<bigint, UnwantedInstance>();
    for (const [kind, ids] of partsOf(scope)) {
      for (const row of await tx.sql<UnwantedInstance>(unwantedSql(livingWhere[kind]), [ids]))
        found.set(row.id, row);
    }
    // Without any value it would be planned anew each time, which costs more than all else of a join.
    for (const row of await tx.sql<UnwantedInstance>(unwantedSql(detachedWhere), [])) found.set(row.id, row);
    return [...found.values()].sort(byName);
  }

  override async addMissing(tx: Transaction, scope: FleetScope): Promise<AddedInstance[]> {
    const added: AddedInstance[] = [];
    for (const [kind, ids] of partsOf(scope)) {
      added.push(...(await tx.sql<AddedInstance>(addSql(wantedWhere[kind]), [ids])));
    }
    const changes = added.map(({ clusterId, applicationId, environmentId }): InstanceChange => ({
      clusterId,
      slot: { applicationId, environmentId },
      before: undefined,
      after: UNKNOWN_STATE,
    }));
    await applyRollups(tx.sql, rollupDeltas(changes));
    return added;
  }

  override async lockClusters(
    tx: Transaction,
    { applicationIds = [], environmentIds = [] }: Pick<FleetScope, 'applicationIds' | 'environmentIds'>,
  ): Promise<void> {
    await tx.sql(
      lockSql(`select cluster_id from instance where application_id = any($1::bigint[])
               union select cluster_id from instance where environment_id = any($2::bigint[])`),
      [applicationIds, environmentIds],
    );
  }

  override async remove(
    tx: Transaction,
    instances: readonly UnwantedInstance[],
    mode: Tombstone,
  ): Promise<readonly ClusterGeneration[]> {
    // All of them, before any instance: those that were never assigned are about to be assigned by somebody, perhaps.
    const clusterIds = instances.map(({ clusterId }) => clusterId);
    await tx.sql(lockSql('select unnest($1::bigint[])'), [clusterIds]);
    const dropped = await dropNeverAssigned(tx, instances);
    const assigned = instances.filter(({ id }) => !dropped.has(id));
    const generations = await raiseGenerations(
      tx.sql,
      assigned.map(({ clusterId }) => clusterId),
    );
    await entomb(tx, assigned, mode);
    const states = await forgetStates(tx, assigned);
    const changes = instances.map((instance) => ({
      clusterId: instance.clusterId,
      slot: slotOf(instance),
      before: states.get(instance.id) ?? UNKNOWN_STATE,
      after: undefined,
    }));
    await applyRollups(tx.sql, rollupDeltas(changes));
    return generations;
  }

  override async forgetReports(tx: Transaction, clusterId: bigint) {
    // Locked: a first report that is being stored has no status row to wait for, and would come after this.
    const living = await tx.sql<SlotKey & { readonly id: bigint }>(
      `select id, application_id "applicationId", environment_id "environmentId" from instance
        where cluster_id = $1 and tombstone is null and application_id is not null and environment_id is not null
        order by id for no key update`,
      [clusterId],
    );
    const states = await forgetStates(tx, living);
    const forgotten = living.filter(({ id }) => states.has(id));
    const changes = forgotten.map((slot) => ({
      clusterId,
      slot,
      before: states.get(slot.id),
      after: UNKNOWN_STATE,
    }));
    await applyRollups(tx.sql, rollupDeltas(changes));
    return forgotten;
  }

  override async dropLostRollups(tx: Transaction, scope: FleetScope): Promise<void> {
    await tx.sql(
      `delete from slot_rollup r
        where (r.application_id = any($1::bigint[]) and not exists (select from application where id = r.application_id))
           or (r.environment_id = any($2::bigint[]) and not exists (select from environment where id = r.environment_id))`,
      [scope.applicationIds ?? [], scope.environmentIds ?? []],
    );
  }
}

/** Asks for generation 0 again: a promotion may have assigned something since it was read. */
async function dropNeverAssigned(
  tx: Transaction,
  instances: readonly UnwantedInstance[],
): Promise<ReadonlySet<bigint>> {
  const never = instances.filter(({ generation }) => generation === 0n);
  if (never.length === 0) return new Set();
  const rows = await tx.sql<{ id: bigint }>(
    'delete from instance where id = any($1::bigint[]) and generation = 0 returning id',
    [idsOf(never)],
  );
  return new Set(idsOf(rows));
}

/** What was last reported, which leaves the roll-ups together with the rows. */
async function forgetStates(
  tx: Transaction,
  instances: readonly { readonly id: bigint }[],
): Promise<ReadonlyMap<bigint, InstanceState>> {
  const ids = idsOf(instances);
  // A statement of its own: the next one sees what a report wrote while this one waited for it.
  await tx.sql(
    'select from instance_status where instance_id = any($1::bigint[]) order by instance_id for no key update',
    [ids],
  );
  const reported = await tx.sql<InstanceState & { instanceId: bigint }>(
    `with dropped as (delete from instance_object where instance_id = any($1::bigint[]))
     delete from instance_status where instance_id = any($1::bigint[])
     returning instance_id "instanceId", sync, health, drift_count "driftCount"`,
    [ids],
  );
  return new Map(reported.map((row) => [row.instanceId, row]));
}

/** The clusters' generations were raised just before, so theirs is the one of the tombstone. */
async function entomb(
  tx: Transaction,
  instances: readonly UnwantedInstance[],
  mode: Tombstone,
): Promise<void> {
  if (instances.length === 0) return;
  await tx.sql(
    `update instance i
        set tombstone = $2::"Tombstone", tombstoned_at = now(), generation = c.desired_generation, approved_prune = null
       from cluster c
      where i.id = any($1::bigint[]) and i.tombstone is null and c.id = i.cluster_id`,
    [idsOf(instances), mode],
  );
}

function unwantedSql(where: string): string {
  return `select i.id, i.cluster_id "clusterId", i.application_id "applicationId", i.environment_id "environmentId",
      i.generation, i.application_name application, i.environment_name environment, c.name cluster
    from instance i join cluster c on c.id = i.cluster_id
   where i.tombstone is null and ${where}
     and not exists (select from ${wantedJoins}
                      where a.id = i.application_id and e.id = i.environment_id and m.cluster_id = i.cluster_id)`;
}

// Two random UUIDs hashed are more than 128 random bits, without an extension that a managed Postgres may lack.
const trackingId = `left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32)`;

function addSql(where: string): string {
  return `with added as (
      insert into instance (tracking_id, application_id, environment_id, cluster_id, application_name, environment_name)
      select ${trackingId}, a.id, e.id, m.cluster_id, a.name, e.name
        from ${wantedJoins}
       where ${where}
         and not exists (select from instance i where i.application_id = a.id and i.environment_id = e.id
                            and i.cluster_id = m.cluster_id and i.tombstone is null)
       order by a.id, e.id, m.cluster_id
      on conflict (application_id, environment_id, cluster_id) where tombstone is null do nothing
      returning id, cluster_id, application_id, environment_id, application_name, environment_name
    )
    select n.id, n.cluster_id "clusterId", n.application_id "applicationId", n.environment_id "environmentId",
      n.application_name application, n.environment_name environment, c.name cluster
    from added n join cluster c on c.id = n.cluster_id order by n.id`;
}

function partsOf(scope: FleetScope): (readonly [ScopeKind, readonly bigint[]])[] {
  const kinds: readonly ScopeKind[] = ['clusterIds', 'environmentIds', 'applicationIds', 'policyIds'];
  return kinds.flatMap((kind) => (scope[kind]?.length ? [[kind, scope[kind]] as const] : []));
}

function slotOf({ applicationId, environmentId }: UnwantedInstance): InstanceChange['slot'] {
  return applicationId === null || environmentId === null ? undefined : { applicationId, environmentId };
}

function idsOf(rows: readonly { readonly id: bigint }[]): bigint[] {
  return rows.map(({ id }) => id);
}

function byName(a: UnwantedInstance, b: UnwantedInstance): number {
  return instancePath(a) < instancePath(b) ? -1 : 1;
}
