// Which instance of this agent came first to an object, before the cluster's own label can tell, and who waits for it.

/** One claim per resource id. */
export class Claims {
  readonly #holder = new Map<string, string>();
  readonly #waiting = new Map<string, Set<string>>();
  readonly #onFree: (instance: string) => void;

  /** `onFree` is told each instance that was refused an object which nobody claims any more. */
  constructor(onFree: (instance: string) => void) {
    this.#onFree = onFree;
  }

  /** Claims an object; answers with the instance that holds it already, if it is another one. */
  take(id: string, instance: string): string | undefined {
    const holder = this.#holder.get(id);
    if (holder === undefined) this.#holder.set(id, instance);
    if (holder === undefined || holder === instance) return undefined;
    this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(instance));
    return holder;
  }

  /** The object was adopted, so it is this instance's whoever held it. */
  seize(id: string, instance: string): void {
    this.#holder.set(id, instance);
  }

  /** The instance no longer wants the object. */
  release(id: string, instance: string): void {
    if (this.#holder.get(id) === instance) this.#free(id);
  }

  /** The instance no longer wants anything. */
  releaseAll(instance: string): void {
    for (const [id, holder] of this.#holder) if (holder === instance) this.#free(id);
  }

  // The object's own last event came before this, when the claim still stood: nothing else would wake those who wait.
  #free(id: string): void {
    this.#holder.delete(id);
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const instance of waiting) this.#onFree(instance);
  }
}
