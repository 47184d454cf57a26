// What agents are to do once, and what became of it.
import type { Transaction } from '../platform/database/database.ts';
import type { InstructionState, NewInstruction } from './domain/instruction.ts';
import type { ClusterGeneration } from './generation-sql.ts';

/** An instruction with the id that the agent acknowledges it by. */
export interface IdentifiedInstruction extends NewInstruction {
  readonly publicId: string;
}

export abstract class InstructionStore {
  /** Raises the clusters' generations, which locks them, and stores the instructions at those generations. */
  abstract create(
    tx: Transaction,
    instructions: readonly IdentifiedInstruction[],
  ): Promise<readonly ClusterGeneration[]>;
  /** Those of these ids that are still kept, in no particular order. */
  abstract states(tx: Transaction, ids: readonly string[]): Promise<InstructionState[]>;
}
