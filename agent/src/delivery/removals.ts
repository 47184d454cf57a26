// Removes or releases objects of an instance stage by stage, and narrows its inventory as they go.
import type { Assignment } from '@fairlead/protocol/assignment';
import { resourceId, subject } from '@fairlead/protocol/resource-id';
import type { HealLedger } from '../drift/heal-ledger.ts';
import type { Log } from '../log.ts';
import type { Claims } from './claims.ts';
import type { InstanceState } from './instance-state.ts';
import type { InventoryEntry } from './inventory.ts';
import type { ObjectRemover } from './object-remover.ts';
import { problemOf, type Problem } from './problem.ts';

type Stages = readonly (readonly InventoryEntry[])[];

/** What removals work with. */
export interface RemovalTools {
  readonly remover: ObjectRemover;
  readonly claims: Claims;
  readonly ledger: HealLedger;
  readonly log: Log;
}

/** Each method answers with what keeps it from being complete; a later pass goes on from the inventory. */
export class Removals {
  readonly #tools: RemovalTools;

  constructor(tools: RemovalTools) {
    this.#tools = tools;
  }

  /** Deletes the objects; a stage waits until the one before is gone. */
  prune(state: InstanceState, assignment: Assignment, stages: Stages): Promise<Problem | undefined> {
    return this.#inStages(state, stages, async (entry) => {
      const removal = await this.#tools.remover.remove(entry, assignment);
      const { application, environment, release } = assignment;
      const fields = { application, environment, release, object: subject(entry.ref), removal };
      this.#tools.log.info('pruned an object', fields);
      return removal === 'GOING' ? beingDeleted(entry) : undefined;
    });
  }

  /** Leaves the objects and takes our label off. */
  release(state: InstanceState, assignment: Assignment, stages: Stages): Promise<Problem | undefined> {
    return this.#inStages(state, stages, async (entry) => {
      await this.#tools.remover.release(entry, assignment);
      return undefined;
    });
  }

  /** Drops entries whose objects are gone or belong to others. */
  forget(state: InstanceState, ids: readonly string[]): void {
    for (const id of ids) {
      state.inventory.delete(id);
      state.drift.closeObject(id, 'GONE');
      this.#tools.claims.release(id, state.assignment.instance);
      this.#tools.ledger.forget(id);
    }
  }

  async #inStages(
    state: InstanceState,
    stages: Stages,
    act: (entry: InventoryEntry) => Promise<Problem | undefined>,
  ): Promise<Problem | undefined> {
    for (const stage of stages) {
      const problems = await Promise.all(stage.map((entry) => this.#attempt(state, entry, act)));
      const problem = problems.find((candidate) => candidate?.sync === 'FAILED') ?? problems.find(Boolean);
      if (problem) return problem;
    }
    return undefined;
  }

  async #attempt(
    state: InstanceState,
    entry: InventoryEntry,
    act: (entry: InventoryEntry) => Promise<Problem | undefined>,
  ): Promise<Problem | undefined> {
    try {
      const problem = await act(entry);
      if (!problem) this.forget(state, [resourceId(entry.ref)]);
      return problem;
    } catch (error) {
      const nothingSecret = {
        apiVersion: entry.ref.apiVersion,
        kind: entry.ref.kind,
        metadata: { name: entry.ref.name },
      };
      const problem = problemOf(error, nothingSecret);
      return { ...problem, message: `${subject(entry.ref)} cannot be removed: ${problem.message}` };
    }
  }
}

function beingDeleted({ ref }: InventoryEntry): Problem {
  const message = `${subject(ref)} is being deleted; finalizers or a grace period keep it for now`;
  return { code: 'BEING_DELETED', sync: 'SYNCING', message };
}
