// Which instance of this agent came first to an object, before the cluster's own label can tell.

/** One claim per resource id. */
export class Claims {
  readonly #holder = new Map<string, string>();

  /** Claims an object; answers with the instance that holds it already, if it is another one. */
  take(id: string, instance: string): string | undefined {
    const holder = this.#holder.get(id);
    if (holder === undefined) this.#holder.set(id, instance);
    return holder === instance ? undefined : holder;
  }

  /** The object was adopted, so it is this instance's whoever held it. */
  seize(id: string, instance: string): void {
    this.#holder.set(id, instance);
  }

  /** The instance no longer wants the object. */
  release(id: string, instance: string): void {
    if (this.#holder.get(id) === instance) this.#holder.delete(id);
  }

  /** The instance no longer wants anything. */
  releaseAll(instance: string): void {
    for (const [id, holder] of this.#holder) if (holder === instance) this.#holder.delete(id);
  }
}
