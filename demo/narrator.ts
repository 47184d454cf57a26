// Says what happens, one line a step, and keeps count of what went well.
import { setTimeout as pause } from 'node:timers/promises';

/** What one look at the world found: either the step is done, or this is what it waits on. */
export type Look<Value> = { readonly done: Value } | { readonly waitingOn: string };

/**
 * Looks until done, every 100 ms unless told; prints what is waited on when that takes long. Throws at the step's
 * deadline.
 */
export type WaitFor = <Value>(look: () => Promise<Look<Value>>, everyMs?: number) => Promise<Value>;

/** One step: its name for the case that it fails, how long it may take, and what it does. */
export interface Step {
  readonly what: string;
  readonly deadlineMs: number;
  /** Gives the sentence that says what happened. */
  readonly work: (waitFor: WaitFor) => Promise<string>;
}

/** A step that finds something which the story goes on with. */
export interface FindingStep<Value> {
  readonly what: string;
  readonly deadlineMs: number;
  readonly work: (waitFor: WaitFor) => Promise<Value>;
  /** The sentence that says what was found. */
  readonly say: (found: Value) => string;
}

/** Thrown once a failed step has been told, so that the story ends and nobody tells it again. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}

const LOOK_EVERY_MS = 100;
const SILENT_FOR_MS = 3_000;
const AT_MOST_EVERY_MS = 1_000;

/** Writes to `print`, a line a call. `ending`: its abort ends every wait with its reason. */
export class Narrator {
  readonly #print: (line: string) => void;
  readonly #ending: AbortSignal;
  #passed = 0;
  #failed = 0;

  constructor(print: (line: string) => void, ending: AbortSignal) {
    this.#print = print;
    this.#ending = ending;
  }

  /** `7 passed, 0 failed`: the steps so far. */
  get tally(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }

  /** Something went wrong that was no step: it counts as one that failed. */
  tellTrouble(error: unknown): void {
    this.#failed += 1;
    this.#print(`  ✗           ${error instanceof Error ? error.message : String(error)}`);
  }

  /** A remark between two steps. */
  say(message: string): void {
    this.#print(`            ${message}`);
  }

  /** Does a step and says so. One that fails is told with its reason, and ends the story by `StoryFailed`. */
  async tell(step: Step): Promise<void> {
    await this.find({ ...step, say: (happened) => happened });
  }

  /** As `tell`, and gives what the step found. */
  async find<Value>({ what, deadlineMs, work, say }: FindingStep<Value>): Promise<Value> {
    const startedAt = performance.now();
    const line = (mark: string, words: string) => `  ${mark} ${secondsSince(startedAt)}  ${words}`;
    try {
      const found = await work(this.#waiter(what, deadlineMs));
      this.#passed += 1;
      this.#print(line('✓', say(found)));
      return found;
    } catch (error) {
      if (this.#ending.aborted) throw this.#ending.reason;
      this.#failed += 1;
      this.#print(line('✗', `${what}: ${error instanceof Error ? error.message : String(error)}`));
      throw new StoryFailed(what, { cause: error });
    }
  }

  #waiter(what: string, deadlineMs: number): WaitFor {
    const startedAt = performance.now();
    let told = '';
    let toldAtMs = 0;
    return async (look, everyMs = LOOK_EVERY_MS) => {
      for (;;) {
        const found = await look();
        if ('done' in found) return found.done;
        const waitedMs = performance.now() - startedAt;
        if (waitedMs >= deadlineMs) throw tooLate(deadlineMs, found.waitingOn);
        const isTime = waitedMs >= SILENT_FOR_MS && waitedMs - toldAtMs >= AT_MOST_EVERY_MS;
        if (isTime && found.waitingOn !== told) {
          told = found.waitingOn;
          toldAtMs = waitedMs;
          this.#print(`  … ${secondsSince(startedAt)}  ${what}: ${told}`);
        }
        await pause(everyMs, undefined, { signal: this.#ending });
      }
    };
  }
}

function tooLate(deadlineMs: number, waitingOn: string): Error {
  return new Error(`not after ${Math.round(deadlineMs / 1_000)} s; still ${waitingOn}`);
}

const secondsSince = (startedAt: number) =>
  `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`.padStart(7);
