// Mapping and filtering a stream of events so that ending it ends the source at once, also while it waits.
// (An `async function*` that waits answers `return` only after the next event: a closed socket would leak.)

/** Each event goes through `map`; `undefined` leaves it out. */
export function mapEvents<In, Out>(
  source: AsyncIterable<In>,
  map: (event: In) => Promise<Out | undefined> | Out | undefined,
): AsyncGenerator<Out, void, void> {
  return flatMapEvents(source, async (event) => {
    const value = await map(event);
    return value === undefined ? [] : [value];
  });
}

/** Each event becomes any number of others, in order: a message with ids becomes the rows of those ids. */
export function flatMapEvents<In, Out>(
  source: AsyncIterable<In>,
  map: (event: In) => Promise<readonly Out[]> | readonly Out[],
): AsyncGenerator<Out, void, void> {
  return new MappedEvents(source[Symbol.asyncIterator](), map);
}

class MappedEvents<In, Out> implements AsyncGenerator<Out, void, void> {
  readonly #events: AsyncIterator<In>;
  readonly #map: (event: In) => Promise<readonly Out[]> | readonly Out[];
  #ready: readonly Out[] = [];

  constructor(events: AsyncIterator<In>, map: (event: In) => Promise<readonly Out[]> | readonly Out[]) {
    this.#events = events;
    this.#map = map;
  }

  async next(): Promise<IteratorResult<Out, void>> {
    for (;;) {
      const [value, ...rest] = this.#ready;
      if (value !== undefined) {
        this.#ready = rest;
        return { done: false, value };
      }
      if (!(await this.#fetch())) return { done: true, value: undefined };
    }
  }

  async return(): Promise<IteratorReturnResult<void>> {
    await this.#events.return?.();
    return { done: true, value: undefined };
  }

  async throw(thrown: unknown): Promise<IteratorResult<Out, void>> {
    await this.return();
    throw thrown;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Whether there was another event; a failure ends the source. */
  async #fetch(): Promise<boolean> {
    try {
      const event = await this.#events.next();
      if (event.done) return false;
      this.#ready = await this.#map(event.value);
      return true;
    } catch (failure) {
      await this.return();
      throw failure;
    }
  }
}
