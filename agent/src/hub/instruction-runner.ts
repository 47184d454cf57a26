// Does what is to be done once: an instruction's id is remembered before it runs, so it never runs twice.
import type { Clock } from '../clock.ts';
import { healWish, type HealWish } from '../drift/heal-wish.ts';
import type { Log } from '../log.ts';
import { MAX_DONE_INSTRUCTIONS } from './agent-state.ts';
import type { Instruction } from './hub-api.ts';
import { messageOf } from './hub-error.ts';
import type { StateSecret } from './state-secret.ts';

// Payload: which objects and fields; what is not understood could mean less than all, so it is not healed.
const HEAL = 'heal';

/** What the runner works with. */
export interface RunnerParts {
  readonly state: StateSecret;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly healNow: (instance: string, wish: HealWish) => void;
  /** The hub may forget it: it ran, is too late, or is nothing that this agent can do. */
  readonly onDone: (id: string) => void;
}

/** One per agent. */
export class InstructionRunner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Runs those that did not run yet. Where the memory cannot be written none runs, and the hub sends them again. */
  async run(instructions: readonly Instruction[]): Promise<void> {
    const { state, clock, log, onDone } = this.#parts;
    const done = new Set(state.state.doneInstructions);
    const due = instructions.filter(
      ({ id, expiresAt }) => !done.has(id) && Date.parse(expiresAt) > clock.now(),
    );
    if (due.length > 0 && !(await this.#remember([...done, ...due.map(({ id }) => id)]))) return;
    for (const instruction of due) this.#do(instruction);
    for (const { id } of instructions) onDone(id);
    if (due.length > 0) log.debug('instructions carried out', { count: due.length });
  }

  async #remember(ids: readonly string[]): Promise<boolean> {
    try {
      await this.#parts.state.save({ doneInstructions: ids.slice(-MAX_DONE_INSTRUCTIONS) });
      return true;
    } catch (error) {
      this.#parts.log.warn('instructions wait, since they cannot be noted as done', {
        reason: messageOf(error),
      });
      return false;
    }
  }

  #do({ id, kind, instance, payload }: Instruction): void {
    const fields = { instruction: id, kind, instance: instance ?? undefined };
    const wish = kind === HEAL ? healWish(payload) : undefined;
    if (wish && instance !== null) {
      this.#parts.log.info('healing now, as the hub says', {
        ...fields,
        wish: JSON.stringify(wish),
      });
      this.#parts.healNow(instance, wish);
    } else this.#parts.log.warn('an instruction that this agent does not understand is left out', fields);
  }
}
