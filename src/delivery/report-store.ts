// The hot path: what agents reported, stored for many instances at once.
import type { Health } from '@fairlead/protocol/health';
import type { ObjectReport } from '@fairlead/protocol/report';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import type { Transaction } from '../platform/database/database.ts';
import type { DriftEntry } from './domain/drift-report.ts';
import type { RollupDeltas } from './domain/rollup.ts';
import type { ReportedInstance, ReportPosition, StoredReport } from './domain/report-decision.ts';
import type { RemovedInstance } from './domain/removal-guard.ts';
import type { SlotKey } from './domain/slot-key.ts';

/** One entry of a report, checked; `clusterId` is the caller's own. */
export interface ReportEntry extends ReportPosition {
  readonly clusterId: bigint;
  /** The instance's tracking id. */
  readonly instance: string;
  readonly generation: bigint;
  readonly bundleDigest: string;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly message: string;
  readonly driftCount: number;
  readonly objects: readonly ObjectReport[];
  readonly truncated: boolean;
  readonly pendingPrune: readonly ObjectRef[];
  readonly drift: DriftEntry;
  readonly receivedAt: Date;
  /** Over everything that was said but the position; ends with those of the open drift and of the objects alone. */
  readonly contentHash: string;
}

/** An instance that a report speaks of, locked, with what is stored of it. */
export interface LockedInstance extends ReportedInstance, SlotKey, RemovedInstance {
  readonly id: bigint;
  readonly trackingId: string;
  readonly clusterId: bigint;
  readonly stored: StoredReport | undefined;
}

/** A row to write: the entry, with what was decided of it. */
export interface StatusWrite {
  readonly instance: LockedInstance;
  readonly entry: ReportEntry;
  readonly sync: SyncStatus;
  readonly releaseNumber: number | null;
  readonly objectsChanged: boolean;
}

export abstract class ReportStore {
  /**
   * The living instances of these tracking ids, of whichever cluster, locked against other reports and against
   * assignments until the transaction ends.
   */
  abstract lock(tx: Transaction, trackingIds: readonly string[]): Promise<LockedInstance[]>;
  /** Writes statuses and, where they changed, objects. */
  abstract write(tx: Transaction, writes: readonly StatusWrite[]): Promise<void>;
  /** For reports that say nothing new: only where they stand, so that an older one does not overtake them. */
  abstract advance(
    tx: Transaction,
    positions: readonly (ReportPosition & { readonly instanceId: bigint })[],
  ): Promise<void>;
  abstract applyRollups(tx: Transaction, deltas: RollupDeltas): Promise<void>;
}
