// When controllers run: shortly after the change that concerns them, once per object however many changes there were.
import { StatusError } from '../status-error.ts';

export class WorkQueue {
  readonly #waiting = new Map<string, () => void>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isScheduled = false;
  #isStopped = false;

  /** Runs the work in a later turn; work under a key that waits already replaces it. */
  soon(key: string, work: () => void): void {
    if (this.#isStopped) return;
    this.#waiting.set(key, work);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#drain());
  }

  /** Runs the work after a delay, unless the same key is waiting for its time already. */
  later(key: string, delayMs: number, work: () => void): void {
    if (this.#isStopped || this.#timers.has(key)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      attempt(work);
    }, delayMs);
    timer.unref();
    this.#timers.set(key, timer);
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #drain(): void {
    this.#isScheduled = false;
    const batch = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const work of batch) attempt(work);
  }
}

// The object may be gone, or its namespace on its way out, by the time its turn comes: then there is nothing to do.
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
