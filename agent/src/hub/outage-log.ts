// Says once that something stopped working, and once that it works again, however often it is tried in between.
import type { Log } from '../log.ts';

/** One thing that can fail, in words: `connection to the hub`. */
export class OutageLog {
  readonly #log: Log;
  readonly #what: string;
  #reason: string | undefined;

  constructor(log: Log, what: string) {
    this.#log = log;
    this.#what = what;
  }

  failed(reason: string): void {
    const level = this.#reason === reason ? 'debug' : 'warn';
    this.#reason = reason;
    this.#log[level](`${this.#what} failed`, { reason });
  }

  works(): void {
    if (this.#reason !== undefined) this.#log.info(`${this.#what} works again`);
    this.#reason = undefined;
  }
}
