// What is known of an application's source: how the last look at it went.
import type { Transaction } from '../platform/database/database.ts';

/** A fault about to be recorded. */
export interface NewSourceFault {
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

export abstract class SourceStateStore {
  /** Digest over every closure of the last look that went well. */
  abstract sourceDigest(applicationId: bigint): Promise<string | null>;
  /** True where it is another fault than the one recorded: only then is there something to tell. */
  abstract recordFault(tx: Transaction, applicationId: bigint, fault: NewSourceFault): Promise<boolean>;
  /** Clears the fault; true where there was one. No write where nothing changed. */
  abstract recordSuccess(
    tx: Transaction,
    applicationId: bigint,
    look: { readonly commit: string; readonly sourceDigest: string },
  ): Promise<boolean>;
}
