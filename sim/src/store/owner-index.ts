// Who depends on whom: which stored objects name an owner, found by the owner's UID without looking at all objects.
import type { KubeObject } from '../kube-object.ts';
import { ownersOf } from '../kube-object.ts';
import type { ObjectStore, StoreChange } from './object-store.ts';
import { keyOf } from './object-store.ts';

export interface Dependent {
  /** Storage key of the kind. */
  readonly kind: string;
  readonly object: KubeObject;
}

export class OwnerIndex {
  readonly #byOwner = new Map<string, Map<string, Dependent>>();
  readonly #uids = new Set<string>();

  constructor(store: ObjectStore) {
    for (const [kind, object] of store.everything()) this.#add({ kind, object });
    store.onChange((change) => this.#follow(change));
  }

  dependentsOf(uid: string): Dependent[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  /** Dependents of one kind, in the order of their keys. */
  ownedObjects(uid: string, kind: string): KubeObject[] {
    const objects = this.dependentsOf(uid).flatMap((dependent) =>
      dependent.kind === kind ? dependent.object : [],
    );
    return objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** True while an object with this UID is stored. */
  has(uid: string): boolean {
    return this.#uids.has(uid);
  }

  #follow({ type, kind, object, previous }: StoreChange): void {
    if (previous) this.#remove({ kind, object: previous });
    if (type !== 'DELETED') this.#add({ kind, object });
  }

  #add(dependent: Dependent): void {
    this.#uids.add(dependent.object.metadata.uid);
    for (const owner of ownersOf(dependent.object)) {
      const dependents = this.#byOwner.get(owner.uid) ?? new Map<string, Dependent>();
      dependents.set(dependent.object.metadata.uid, dependent);
      this.#byOwner.set(owner.uid, dependents);
    }
  }

  #remove({ object }: Dependent): void {
    this.#uids.delete(object.metadata.uid);
    for (const owner of ownersOf(object)) {
      const dependents = this.#byOwner.get(owner.uid);
      dependents?.delete(object.metadata.uid);
      if (dependents?.size === 0) this.#byOwner.delete(owner.uid);
    }
  }
}
