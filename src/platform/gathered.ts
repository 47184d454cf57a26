// Makes the look-ups of one moment into one: no timer; whatever is asked while one runs goes into the next. A thousand
// agents that ask the same at once cost a few statements, and one that asks alone is answered at once.

/** How much goes into one look-up, and how many of them run at once. */
export interface GatheredOptions {
  readonly maxKeys: number;
  readonly atOnce: number;
}

interface Asked<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** Not a cache: each question is asked after the call, so that the answer is never older than that. */
export class Gathered<Key, Value> {
  readonly #lookUp: (keys: readonly Key[]) => Promise<readonly Value[]>;
  readonly #options: GatheredOptions;
  readonly #waiting: Asked<Key, Value>[] = [];
  #running = 0;

  /** `lookUp` answers one value for each key, in their order; keys may be the same. */
  constructor(lookUp: (keys: readonly Key[]) => Promise<readonly Value[]>, options: GatheredOptions) {
    this.#lookUp = lookUp;
    this.#options = options;
  }

  ask(key: Key): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#waiting.length === 0 || this.#running >= this.#options.atOnce) return;
    this.#running += 1;
    // After the current tick, so that what is asked in it goes together.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const asked = this.#waiting.splice(0, this.#options.maxKeys);
    if (asked.length > 0) await this.#answer(asked);
    this.#running -= 1;
    this.#pump();
  }

  async #answer(asked: readonly Asked<Key, Value>[]): Promise<void> {
    try {
      const values = await this.#lookUp(asked.map(({ key }) => key));
      for (const [index, { resolve }] of asked.entries()) resolve(values[index] as Value);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
