// Inventories that are written late: digests that changed without any object coming or going.
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { InstanceState } from './instance-state.ts';
import type { InventoryStore } from './inventory-store.ts';

const LATE_INVENTORY_MS = 60_000;

/** What they need to know. */
export interface LateTools {
  readonly store: InventoryStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly states: () => readonly InstanceState[];
}

/** One per engine. */
export class LateInventories {
  readonly #tools: LateTools;

  constructor(tools: LateTools) {
    this.#tools = tools;
  }

  /**
   * Now and then those of instances with REPORT, until the signal: with HEAL a crash costs no more than one apply that
   * changes nothing; with REPORT that apply would undo drift, so there it is not left open until the end.
   */
  begin(stop: AbortSignal): void {
    if (stop.aborted) return;
    this.#tools.clock.after(LATE_INVENTORY_MS, () => {
      const reporting = this.#tools
        .states()
        .filter(({ assignment }) => assignment.syncPolicy.drift === 'REPORT');
      void this.#save(reporting).finally(() => this.begin(stop));
    });
  }

  /** All of them, as when the engine stops. */
  saveAll(): Promise<void> {
    return this.#save(this.#tools.states());
  }

  async #save(states: readonly InstanceState[]): Promise<void> {
    for (const state of states) await this.#saveOne(state);
  }

  async #saveOne(state: InstanceState): Promise<void> {
    const { store, log } = this.#tools;
    const { assignment, inventory } = state;
    try {
      const isQuiet = state.passed === assignment && !state.problem;
      if (isQuiet) await store.save(assignment.instance, assignment, inventory);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { instance, application, environment } = assignment;
      log.warn('an inventory could not be brought up to date', {
        instance,
        application,
        environment,
        reason,
      });
    }
  }
}
