// Instances follow the fleet: after any change of clusters, environments, policies or applications, what is wanted is
// made and what is not becomes a tombstone, unless nobody agreed to that.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type Notice } from '../activity/activity-log.ts';
import { FleetLock } from '../clusters/fleet-lock-port.ts';
import { FleetMembership, type FleetScope, type RemovalConsent } from '../clusters/fleet-membership-port.ts';
import { EnvironmentMemberCommands } from '../environments/environment-member-commands.ts';
import type { Transaction } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import type { Refusal } from '../platform/refusal.ts';
import { AgentBell } from './agent-bell.ts';
import { inChunks } from './domain/chunks.ts';
import { fleetChangeEvent } from './domain/fleet-change-event.ts';
import { refuseRemovals } from './domain/removal-guard.ts';
import { distinctSlots } from './domain/slot-key.ts';
import { MembershipStore, type AddedInstance, type UnwantedInstance } from './membership-store.ts';

@Injectable()
export class FleetFollower extends FleetMembership {
  constructor(
    private readonly store: MembershipStore,
    private readonly members: EnvironmentMemberCommands,
    private readonly lock: FleetLock,
    private readonly activity: ActivityLog,
    private readonly bell: AgentBell,
    private readonly log: Log,
  ) {
    super();
  }

  override async follow(
    tx: Transaction,
    scope: FleetScope,
    consent: RemovalConsent,
  ): Promise<Refusal | undefined> {
    // Callers hold it already; taken again it costs nothing, and a caller that forgot is still safe.
    await this.lock.take(tx, concernsOnlyClusters(scope) ? 'ONE_CLUSTER' : 'FLEET');
    await this.members.refreshMembers(tx, scope);
    const unwanted = await this.store.unwanted(tx, scope);
    const refusal = refuseRemovals(unwanted, consent);
    if (refusal) return refusal;
    await this.remove(tx, unwanted, consent);
    await this.add(tx, scope);
    await this.store.dropLostRollups(tx, scope);
    return undefined;
  }

  override lockClusters(
    tx: Transaction,
    scope: Pick<FleetScope, 'applicationIds' | 'environmentIds'>,
  ): Promise<void> {
    return this.store.lockClusters(tx, scope);
  }

  override async forgetReports(tx: Transaction, clusterId: bigint): Promise<void> {
    const forgotten = await this.store.forgetReports(tx, clusterId);
    if (forgotten.length === 0) return;
    await this.activity.notify(tx, [
      { topic: 'instances.changed', payload: { instanceIds: forgotten.map(({ id }) => String(id)) } },
      { topic: 'slots.reported', payload: { slots: distinctSlots(forgotten) } },
    ]);
  }

  private async remove(
    tx: Transaction,
    unwanted: readonly UnwantedInstance[],
    { prune }: RemovalConsent,
  ): Promise<void> {
    if (unwanted.length === 0) return;
    const generations = await this.store.remove(tx, unwanted, prune ? 'PRUNE' : 'ORPHAN');
    const event = fleetChangeEvent(prune ? 'PRUNED' : 'ORPHANED', unwanted);
    await this.activity.record(tx, [event]);
    const slots = unwanted.flatMap(({ applicationId, environmentId }) =>
      applicationId === null || environmentId === null ? [] : [{ applicationId, environmentId }],
    );
    await this.activity.notify(tx, [{ topic: 'slots.reported', payload: { slots: distinctSlots(slots) } }]);
    this.bell.ringAfterCommit(tx, generations);
    tx.afterCommit(() => this.log.info(event.message, event.data));
  }

  private async add(tx: Transaction, scope: FleetScope): Promise<void> {
    const added = await this.store.addMissing(tx, scope);
    if (added.length === 0) return;
    const event = fleetChangeEvent('ADDED', added);
    await this.activity.record(tx, [event]);
    await this.activity.notify(tx, addedNotices(added));
    tx.afterCommit(() => this.log.info(event.message, event.data));
  }
}

function concernsOnlyClusters({ environmentIds, applicationIds, policyIds }: FleetScope): boolean {
  return [environmentIds, applicationIds, policyIds].every((ids) => !ids?.length);
}

function addedNotices(added: readonly AddedInstance[]): Notice[] {
  return inChunks(added).map((chunk) => ({
    topic: 'instances.added',
    payload: { instanceIds: chunk.map(({ id }) => String(id)), slots: distinctSlots(chunk) },
  }));
}
