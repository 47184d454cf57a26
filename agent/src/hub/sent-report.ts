// Reports as they are kept and sent: with what is needed to see that nothing changed.
import type { InstanceReport } from '@fairlead/protocol/report';

/** A report with the hash of its content, by which the hub and this queue see that nothing changed. */
export interface HashedReport extends InstanceReport {
  readonly contentHash: string;
  /** About how much of a message it fills. */
  readonly bytes: number;
}

/** One entry of a message, and what is settled once the hub has it. */
export interface SentReport extends HashedReport {
  /** Hash of the state alone. */
  readonly stateHash: string;
  /** Ids of the episodes that it tells to be over. */
  readonly ended: ReadonlySet<string>;
}
