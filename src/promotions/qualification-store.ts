// Whether verified releases stay well where they run. Each call is one statement over all slots.
import type { Transaction } from '../platform/database/database.ts';

/** A qualification that changed its state. */
export interface ChangedQualification {
  readonly promotionId: bigint;
  readonly applicationId: bigint;
  readonly environmentId: bigint;
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly reason: string;
}

export abstract class QualificationStore {
  /**
   * Notes where a verified release has fallen ill, and where it is well again: an illness of up to `graceMs` leaves no
   * trace, a longer one begins the soak anew. Only what runs now is asked; what a newer release replaced soaks on.
   */
  abstract noteHealth(tx: Transaction, graceMs: number): Promise<void>;
  /** Takes VERIFIED from what has been ill for longer than `graceMs`. */
  abstract revokeIll(tx: Transaction, graceMs: number): Promise<ChangedQualification[]>;
  /** Gives it back to what lost it by illness alone, and has been well again for `graceMs`. */
  abstract restoreWell(tx: Transaction, graceMs: number): Promise<ChangedQualification[]>;
}
