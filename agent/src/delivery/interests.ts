// Who has to be told when an object changes: those who want it, and those who have yet to remove it.

/** Instances by the ids of objects. */
export class Interests {
  readonly #instances = new Map<string, Set<string>>();

  note(instance: string, ids: Iterable<string>): void {
    for (const id of ids) {
      const interested = this.#instances.get(id);
      if (interested) interested.add(instance);
      else this.#instances.set(id, new Set([instance]));
    }
  }

  of(id: string): Iterable<string> {
    return this.#instances.get(id) ?? [];
  }

  drop(id: string, instance: string): void {
    const interested = this.#instances.get(id);
    interested?.delete(instance);
    if (interested?.size === 0) this.#instances.delete(id);
  }
}
