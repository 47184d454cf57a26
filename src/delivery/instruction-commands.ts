// What agents are to do once: stored with the cluster's next generation, fetched with the assignments.
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { AgentBell } from './agent-bell.ts';
import type { InstructionState, NewInstruction } from './domain/instruction.ts';
import { InstructionStore } from './instruction-store.ts';

@Injectable()
export class InstructionCommands {
  constructor(
    private readonly store: InstructionStore,
    private readonly bell: AgentBell,
  ) {}

  /**
   * In the caller's transaction: raises the generation of each cluster once, however many of the instructions are for
   * it, and rings the agents after commit. Locks the clusters, so it comes before any lock on instances.
   * @returns the ids, in the order of the instructions; `states` knows them again
   */
  async create(tx: Transaction, instructions: readonly NewInstruction[]): Promise<readonly string[]> {
    if (instructions.length === 0) return [];
    const identified = instructions.map((instruction) => ({ ...instruction, publicId: randomUUID() }));
    this.bell.ringAfterCommit(tx, await this.store.create(tx, identified));
    return identified.map(({ publicId }) => publicId);
  }

  /** What became of them, by id; one that is no longer kept is not among them. */
  async states(tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, InstructionState>> {
    const states = ids.length === 0 ? [] : await this.store.states(tx, ids);
    return new Map(states.map((state) => [state.id, state]));
  }
}
