// What reports say of drift, handed in the report's own transaction to whoever keeps it.
import type { Transaction } from '../platform/database/database.ts';
import type { DriftEntry } from './domain/drift-report.ts';
import type { RemovedInstance } from './domain/removal-guard.ts';
import type { SlotKey } from './domain/slot-key.ts';

/** The drift of one instance, whose status row is locked until the transaction ends. */
export interface DriftReport extends DriftEntry {
  readonly instance: SlotKey & RemovedInstance & { readonly id: bigint; readonly clusterId: bigint };
  readonly receivedAt: Date;
  /** The report speaks of another bundle than the one before: what is no difference any more may be its doing. */
  readonly isOtherBundle: boolean;
}

/** Bound by the drift feature. */
export abstract class DriftLedger {
  /**
   * Called for reports whose drift may have changed; the same report twice changes nothing. Locks only rows of drift,
   * and before the roll-ups.
   */
  abstract take(tx: Transaction, reports: readonly DriftReport[]): Promise<void>;
}
