// Decides what clusters run: writes assignments and wakes the agents once they are committed.
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { AgentBell } from './agent-bell.ts';
import {
  AssignmentStore,
  type AssignedInstance,
  type AssignmentErrors,
  type AssignmentResult,
  type InstanceExceptions,
  type NewAssignment,
  type PendingPrune,
} from './assignment-store.ts';
import { assignedSettings, type AssignedSettings } from './domain/assigned-settings.ts';
import { inChunks } from './domain/chunks.ts';
import { instancePath } from './domain/removal-guard.ts';
import { distinctSlots, type SlotKey } from './domain/slot-key.ts';

/** A release for a slot's clusters; without `settings` the application's own are taken. */
export interface AssignRequest extends Omit<NewAssignment, 'settings'> {
  readonly settings?: AssignedSettings;
  /** Clusters for which the release could not be rendered, and why: kept for people to see. */
  readonly errors?: AssignmentErrors;
}

/** A person's word that the prune which waits at this generation may go on. */
export interface PruneApproval {
  readonly trackingId: string;
  readonly generation: bigint;
  readonly reason: string;
  readonly actor: string;
}

// Each transaction locks its clusters for as short as it can.
const CLUSTERS_AT_ONCE = 500;
/** Between two of them, so that a whole fleet does not come for the same thing in the same second. */
const BETWEEN_WAKES_MS = 1_000;

@Injectable()
export class DeliveryCommands {
  constructor(
    private readonly database: Database,
    private readonly store: AssignmentStore,
    private readonly activity: ActivityLog,
    private readonly bell: AgentBell,
    private readonly log: Log,
  ) {}

  /**
   * Assigns the release in the caller's transaction and answers every instance asked for, those that have it already
   * included (no write, no generation; unless it is to be done `again`). Locks the clusters; agents are rung after commit.
   */
  async assign(tx: Transaction, request: AssignRequest): Promise<readonly AssignedInstance[]> {
    const { errors = new Map(), ...assignment } = request;
    const assigned = assignment.bundles.size === 0 ? [] : await this.assignBundles(tx, request);
    await this.store.noteErrors(tx, assignment, errors);
    return assigned;
  }

  /** Brings what is assigned in line with the application's namespace and sync policy; the same writes nothing. */
  async reassignSettings(applicationId: bigint): Promise<void> {
    const slots = await this.database.transaction((tx) => this.store.assignedSlots(tx, applicationId));
    // One slot a transaction: each locks its clusters for as short as it can.
    for (const slot of slots) {
      await this.database.transaction(async (tx) => {
        const settings = await this.settingsOf(tx, slot);
        if (settings) await this.announce(tx, await this.store.reassignSettings(tx, slot, settings), [slot]);
      });
    }
  }

  /** Every application of which something is assigned, by id. */
  assignedApplications(): Promise<bigint[]> {
    return this.database.transaction((tx) => this.store.assignedApplications(tx));
  }

  /** Tells agents which drift is accepted: a change of an assignment like any other. The same writes nothing. */
  async assignExceptions(tx: Transaction, changes: readonly InstanceExceptions[]): Promise<void> {
    if (changes.length > 0) await this.announce(tx, await this.store.assignExceptions(tx, changes));
  }

  /**
   * Makes every agent ask again: the hub's health rules changed, which are no part of any assignment. The generation
   * rises, so that a ring that is lost is made up for like any other. Takes a second for each 500 clusters.
   */
  async wakeAllAgents(): Promise<void> {
    let last = await this.wakeAgents(0n);
    while (last !== undefined) {
      await pause(BETWEEN_WAKES_MS);
      last = await this.wakeAgents(last);
    }
  }

  /** Refused where no prune waits for this generation, for example because it has moved on. */
  approvePrune(approval: PruneApproval): Promise<Refusal | { readonly instanceId: bigint }> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const found = await this.store.lockPendingPrune(tx, approval.trackingId);
        if (!found) throw notFound('Instance', approval.trackingId);
        const refusal = refusePrune(found, approval.generation);
        if (refusal) throw new Refused(refusal);
        await this.announce(tx, await this.store.approvePrune(tx, found));
        await this.recordApproval(tx, found, approval);
        return { instanceId: found.instanceId };
      }),
    );
  }

  /** Those after that cluster, so many at once; answers the last of them, and nothing where all were woken. */
  private wakeAgents(after: bigint): Promise<bigint | undefined> {
    return this.database.transaction(async (tx) => {
      const generations = await this.store.raiseClusters(tx, after, CLUSTERS_AT_ONCE);
      this.bell.ringAfterCommit(tx, generations);
      const ids = generations.map(([id]) => id).toSorted((a, b) => (a < b ? -1 : 1));
      return ids.length < CLUSTERS_AT_ONCE ? undefined : ids.at(-1);
    });
  }

  private async assignBundles(tx: Transaction, request: AssignRequest): Promise<readonly AssignedInstance[]> {
    const settings = request.settings ?? (await this.settingsOf(tx, request));
    if (!settings) return [];
    const result = await this.store.assign(tx, { ...request, settings });
    await this.announce(tx, result);
    return result.instances;
  }

  private async settingsOf(tx: Transaction, slot: SlotKey): Promise<AssignedSettings | undefined> {
    const application = await this.store.settingsOf(tx, slot);
    return application && assignedSettings(application, application.environment);
  }

  private async announce(
    tx: Transaction,
    { changedIds, generations }: AssignmentResult,
    slots: readonly SlotKey[] = [],
  ): Promise<void> {
    if (changedIds.length === 0) return;
    const changed = inChunks(changedIds).map((ids) => ({
      topic: 'instances.changed' as const,
      payload: { instanceIds: ids.map(String) },
    }));
    const reported = { topic: 'slots.reported' as const, payload: { slots: distinctSlots(slots) } };
    await this.activity.notify(tx, slots.length > 0 ? [...changed, reported] : changed);
    this.bell.ringAfterCommit(tx, generations);
  }

  private async recordApproval(
    tx: Transaction,
    found: PendingPrune,
    { actor, reason }: PruneApproval,
  ): Promise<void> {
    const { application, environment, cluster, pending, releaseNumber } = found;
    const objects = pending === 1 ? '1 object' : `${pending} objects`;
    const message = `${actor} approved the prune of ${objects} of ${instancePath(found)}: ${reason}`;
    const names = { application, environment, cluster };
    await this.activity.record(tx, [{ kind: 'prune.approved', actor, message, ...names, data: { pending } }]);
    const release = releaseNumber === null ? {} : { release: releaseNumber };
    tx.afterCommit(() => this.log.info('a prune was approved', { ...names, ...release, actor, pending }));
  }
}

function refusePrune(found: PendingPrune, generation: bigint): Refusal | undefined {
  if (found.generation === generation && found.pending > 0) return undefined;
  const where = instancePath(found);
  const message =
    found.generation === generation
      ? `No prune of ${where} waits for an approval.`
      : `${where} is at generation ${found.generation}, not ${generation}: look at what waits there now, and approve that.`;
  return refuse('NOTHING_TO_APPROVE', message);
}
