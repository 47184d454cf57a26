// What agents are to do once, and what became of it.
import type { SqlTransaction } from '../platform/database/database.ts';
import type { ClusterGeneration } from './generation-sql.ts';

/** Something that one cluster's agent is to do once. */
export interface NewInstruction {
  readonly clusterId: bigint;
  /** Null where it concerns the cluster as a whole. */
  readonly instanceId: bigint | null;
  /** What is to be done, a word that agents know; one that an agent does not know it acknowledges and leaves out. */
  readonly kind: string;
  /** Further facts, by kind; JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not to be done after this. */
  readonly expiresAt: Date;
}

/** An instruction with the id that the agent acknowledges it by. */
export interface IdentifiedInstruction extends NewInstruction {
  readonly publicId: string;
}

/** What became of an instruction. */
export interface InstructionState {
  readonly id: string;
  readonly expiresAt: Date;
  /** Null while its agent has not said that it is done. */
  readonly acknowledgedAt: Date | null;
  /** What the agent answered, by kind; null where it said nothing. */
  readonly outcome: unknown;
}

export abstract class InstructionStore {
  /** Raises the clusters' generations, which locks them, and stores the instructions at those generations. */
  abstract create(
    tx: SqlTransaction,
    instructions: readonly IdentifiedInstruction[],
  ): Promise<readonly ClusterGeneration[]>;
  /** Those of these ids that are still kept, in no particular order. */
  abstract states(tx: SqlTransaction, ids: readonly string[]): Promise<InstructionState[]>;
}
