// One agent's doorbell as a stream: only the newest generation counts, so that rings merge while the socket is busy.

/** What a ring says. */
export interface Ring {
  readonly generation: number;
}

type Answer = IteratorResult<Ring, void>;

/** Ends at once when its consumer stops, also while it waits. */
export class Doorbell implements AsyncGenerator<Ring, void, void> {
  readonly #onEnd: () => void;
  #told = -1;
  #newest = -1;
  #ended = false;
  #waiting: ((answer: Answer) => void) | undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** A generation that was told already rings nobody. */
  ring(generation: number): void {
    this.#newest = Math.max(this.#newest, generation);
    if (!this.#waiting || this.#newest <= this.#told) return;
    const answer = this.#waiting;
    this.#waiting = undefined;
    answer(this.#tell());
  }

  /** What the database says. Behind what was told it was restored: from there on each generation is news again. */
  compare(generation: number): void {
    if (generation < this.#told) {
      // What was not told yet is of the time after the look.
      if (this.#newest === this.#told) this.#newest = -1;
      this.#told = -1;
    }
    this.ring(generation);
  }

  next(): Promise<Answer> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#newest > this.#told) return Promise.resolve(this.#tell());
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  return(): Promise<IteratorReturnResult<void>> {
    if (!this.#ended) this.#onEnd();
    this.#ended = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
    return Promise.resolve({ done: true, value: undefined });
  }

  async throw(error: unknown): Promise<Answer> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #tell(): Answer {
    this.#told = this.#newest;
    return { done: false, value: { generation: this.#told } };
  }
}
