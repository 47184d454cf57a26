// Bounds how much is under way at once, so that an agent floods neither its API server nor its own memory.

/** Runs at most `limit` tasks at a time; the others wait in order. */
export class InFlightLimit {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed over, not given back, so that nobody slips in between.
      if (next) next();
      else this.#running -= 1;
    }
  }
}
