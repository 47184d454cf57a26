// Does what is to be done once: an instruction's id is remembered before it runs, so it never runs twice. A check's Job
// is remembered by the cluster itself, under a name that follows from the instruction, and its end is told.
import type { JobOutcome } from '../checks/check-job.ts';
import { healWishes, type HealWish } from '../drift/heal-wish.ts';
import type { Log } from '../log.ts';
import { MAX_DONE_INSTRUCTIONS } from './agent-state.ts';
import type { Instruction } from './hub-api.ts';
import type { HubClock } from './hub-clock.ts';
import { messageOf } from './hub-error.ts';
import type { StateSecret } from './state-secret.ts';

// Payload: which objects and fields; what is not understood could mean less than all, so it is not healed.
const HEAL = 'heal';

/** What the runner works with. */
export interface RunnerParts {
  readonly state: Pick<StateSecret, 'state' | 'save'>;
  /** The hub set the times until which instructions are worth anything. */
  readonly hubClock: Pick<HubClock, 'now'>;
  readonly log: Log;
  readonly healNow: (instance: string, wishes: readonly HealWish[]) => void;
  /** Resolves with how the Job ended, also where it runs already. */
  readonly runJob: (id: string, payload: unknown, untilMs: number) => Promise<JobOutcome>;
  /** The hub may forget it: it ran, is too late, or is nothing that this agent can do. */
  readonly onDone: (id: string, outcome?: JobOutcome) => void;
}

/** One per agent. */
export class InstructionRunner {
  readonly #parts: RunnerParts;
  readonly #jobs = new Set<string>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Runs those that did not run yet. Where the memory cannot be written none runs, and the hub sends them again. */
  async run(given: readonly Instruction[]): Promise<void> {
    const { state, hubClock, log, onDone } = this.#parts;
    const isLive = ({ expiresAt }: Instruction): boolean => Date.parse(expiresAt) > hubClock.now();
    const isJob = (instruction: Instruction): boolean => instruction.kind === 'job' && isLive(instruction);
    for (const job of given.filter(isJob)) void this.#runJob(job);
    const instructions = given.filter((instruction) => !isJob(instruction));
    const done = new Set(state.state.doneInstructions);
    const due = instructions.filter((instruction) => !done.has(instruction.id) && isLive(instruction));
    if (due.length > 0 && !(await this.#remember([...done, ...due.map(({ id }) => id)]))) return;
    for (const instruction of due) this.#do(instruction);
    for (const { id } of instructions) onDone(id);
    if (due.length > 0) log.debug('instructions carried out', { count: due.length });
  }

  /** The hub sends it again until its end is known; one that runs is not begun anew. */
  async #runJob({ id, payload, expiresAt }: Instruction): Promise<void> {
    if (this.#jobs.has(id)) return;
    this.#jobs.add(id);
    const outcome = await this.#parts.runJob(id, payload, Date.parse(expiresAt));
    this.#jobs.delete(id);
    this.#parts.onDone(id, outcome);
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
    const wishes = kind === HEAL ? healWishes(payload) : undefined;
    if (wishes && instance !== null) {
      this.#parts.log.info('healing now, as the hub says', {
        ...fields,
        wish: JSON.stringify(payload),
      });
      this.#parts.healNow(instance, wishes);
    } else this.#parts.log.warn('an instruction that this agent does not understand is left out', fields);
  }
}
