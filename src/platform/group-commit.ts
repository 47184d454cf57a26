// Group commit: no timer; a flush takes whatever arrived while the last one was in flight, so that a busy hub writes
// large batches and an idle one answers at once.

/** How much goes into one flush, and how many flushes run at once. */
export interface GroupCommitOptions {
  readonly maxItems: number;
  readonly lanes: number;
}

interface Waiting<Item, Result> {
  readonly items: readonly Item[];
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Collects groups of items; a group's promise resolves once all of it is committed, with one result for each item. */
export class GroupCommit<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #options: GroupCommitOptions;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #running = 0;
  #queued = 0;

  constructor(flush: (items: readonly Item[]) => Promise<readonly Result[]>, options: GroupCommitOptions) {
    this.#flush = flush;
    this.#options = options;
  }

  /** Items that wait, those in flight not counted. */
  get queued(): number {
    return this.#queued;
  }

  add(items: readonly Item[]): Promise<readonly Result[]> {
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      this.#queued += items.length;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#waiting.length === 0 || this.#running >= this.#options.lanes) return;
    this.#running += 1;
    // After the current tick, so that what arrived in it goes together.
    setImmediate(() => void this.#runLane());
  }

  async #runLane(): Promise<void> {
    const groups = this.#take();
    await this.#commit(groups);
    this.#running -= 1;
    this.#pump();
  }

  /** Whole groups: at least one, and no more than fit. */
  #take(): Waiting<Item, Result>[] {
    const taken: Waiting<Item, Result>[] = [];
    let size = 0;
    for (;;) {
      const [next] = this.#waiting;
      if (!next || (taken.length > 0 && size + next.items.length > this.#options.maxItems)) break;
      this.#waiting.shift();
      taken.push(next);
      size += next.items.length;
    }
    this.#queued -= size;
    return taken;
  }

  async #commit(groups: readonly Waiting<Item, Result>[]): Promise<void> {
    if (groups.length === 0) return;
    try {
      const results = await this.#flush(groups.flatMap(({ items }) => items));
      let start = 0;
      for (const { items, resolve } of groups) resolve(results.slice(start, (start += items.length)));
    } catch (error) {
      if (groups.length === 1) groups[0]?.reject(error);
      // One group's fault must not be the others': each by itself.
      else for (const group of groups) await this.#commit([group]);
    }
  }
}
