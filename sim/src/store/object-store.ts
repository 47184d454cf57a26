// All objects of one cluster in memory, with one counter of resource versions for all kinds, as etcd has it, and a
// bounded history from which watches resume and pages of one list stay consistent.
import type { KubeObject } from '../kube-object.ts';
import { expired } from '../status-error.ts';

export interface StoreChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The key of the kind, see storageKeyOf. */
  readonly kind: string;
  readonly version: number;
  /** The object after the change; for DELETED the last one, with the version of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** Name within a kind; sorted by it, a list has the order of the real server. */
export const keyOf = (object: { metadata: { name: string; namespace?: string } }): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** As a real server's counter: it never starts at one, so a client that resumes from there is told to list again. */
const FIRST_VERSION = 100;

export class ObjectStore {
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #historyLimit: number;
  #history: StoreChange[] = [];
  #version = FIRST_VERSION;
  #oldest = FIRST_VERSION;

  /** `historyLimit`: how many changes are remembered; beyond twice that the older half is forgotten. */
  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get version(): number {
    return this.#version;
  }

  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#kinds.get(kind)?.get(`${namespace ?? ''}/${name}`);
  }

  /** Objects of a kind in the order of their keys, all or those of one namespace. */
  list(kind: string, namespace?: string): KubeObject[] {
    return sortedByKey(this.#kinds.get(kind) ?? new Map(), namespace);
  }

  /** Every object of every kind, for what looks across kinds: owners, namespaces, snapshots. */
  *everything(): Generator<[string, KubeObject]> {
    for (const [kind, objects] of this.#kinds) for (const object of objects.values()) yield [kind, object];
  }

  /** The list as it was at a version; throws 410 when that is no longer remembered. */
  listAt(kind: string, namespace: string | undefined, version: number): KubeObject[] {
    const objects = new Map(this.#kinds.get(kind));
    for (const change of this.changesAfter(version).toReversed()) {
      if (change.kind !== kind) continue;
      if (change.previous) objects.set(keyOf(change.object), change.previous);
      else objects.delete(keyOf(change.object));
    }
    return sortedByKey(objects, namespace);
  }

  /** Changes newer than a version, oldest first; throws 410 when some of them are forgotten. */
  changesAfter(version: number): readonly StoreChange[] {
    if (version < this.#oldest) throw expired(`too old resource version: ${version} (${this.#oldest})`);
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1]?.version ?? 0) > version) first -= 1;
    return this.#history.slice(first);
  }

  /** Stores an object under the next resource version and tells every listener; returns what is stored. */
  put(kind: string, draft: KubeObject): KubeObject {
    const objects = this.#objectsOf(kind);
    const previous = objects.get(keyOf(draft));
    const object = this.#withNextVersion(draft);
    objects.set(keyOf(object), object);
    const type = previous ? 'MODIFIED' : 'ADDED';
    this.#publish({ type, kind, version: this.#version, object, previous });
    return object;
  }

  remove(kind: string, stored: KubeObject): KubeObject {
    this.#objectsOf(kind).delete(keyOf(stored));
    const object = this.#withNextVersion(stored);
    this.#publish({ type: 'DELETED', kind, version: this.#version, object, previous: stored });
    return object;
  }

  /** Listeners are called inside the write, in order; they must not write themselves. */
  onChange(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Fills an empty store from a snapshot; nobody is told, and no history reaches back before it. */
  restore(version: number, objects: readonly (readonly [string, KubeObject])[]): void {
    for (const [kind, object] of objects) this.#objectsOf(kind).set(keyOf(object), object);
    this.#version = version;
    this.#oldest = version;
    this.#history = [];
  }

  #objectsOf(kind: string): Map<string, KubeObject> {
    const objects = this.#kinds.get(kind) ?? new Map<string, KubeObject>();
    this.#kinds.set(kind, objects);
    return objects;
  }

  #withNextVersion(object: KubeObject): KubeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #publish(change: StoreChange): void {
    this.#history.push(change);
    if (this.#history.length > 2 * this.#historyLimit) {
      const forgotten = this.#history.splice(0, this.#historyLimit);
      this.#oldest = forgotten.at(-1)?.version ?? this.#oldest;
    }
    for (const listener of this.#listeners) listener(change);
  }
}

function sortedByKey(objects: ReadonlyMap<string, KubeObject>, namespace: string | undefined): KubeObject[] {
  const keys = [...objects.keys()].filter(
    (key) => namespace === undefined || key.startsWith(`${namespace}/`),
  );
  return keys.sort().flatMap((key) => objects.get(key) ?? []);
}
