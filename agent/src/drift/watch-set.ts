// One watcher per managed kind, started when the first object of it is wanted.
import { groupOf, type ObjectRef } from '@fairlead/protocol/resource-id';
import { pause } from '../clock.ts';
import type { KubeError } from '../kube/kube-error.ts';
import { KindWatcher, type WatchTools } from './kind-watcher.ts';

const SYNC_TIMEOUT_MS = 10_000;

/** A kind, whatever its version: an object is the same in each. */
export function kindKey(ref: Pick<ObjectRef, 'apiVersion' | 'kind'>): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}`;
}

/** Watches kinds everywhere, or in a few namespaces only (then objects without a namespace are watched as well). */
export class WatchSet {
  readonly #tools: WatchTools;
  readonly #namespaces: readonly string[] | undefined;
  readonly #watchers = new Map<string, readonly KindWatcher[]>();
  /** Kinds that did not answer in time: they are waited for again only once one of them says something. */
  readonly #silent = new Set<string>();
  #changed: (() => void)[] = [];

  constructor(tools: WatchTools, namespaces?: readonly string[]) {
    this.#tools = tools;
    this.#namespaces = namespaces;
  }

  /**
   * Watches these kinds and waits until the cache may be believed for each. Answers with the kinds for which it may
   * not, and why; those are tried further on, and a later call finds them ready.
   */
  async ready(kinds: readonly KindToWatch[]): Promise<ReadonlyMap<string, KubeError | undefined>> {
    const watchers = new Map(kinds.map((kind) => [kindKey(kind), this.#watchersOf(kind)]));
    const deadlineMs = this.#tools.clock.now() + SYNC_TIMEOUT_MS;
    const waiting = (): string[] =>
      [...watchers].filter(([key, of]) => !isSettled(of) && !this.#silent.has(key)).map(([key]) => key);
    while (waiting().length > 0 && this.#tools.clock.now() < deadlineMs) {
      await this.#nextChange(deadlineMs - this.#tools.clock.now());
    }
    for (const key of waiting()) this.#silent.add(key);
    const unready = [...watchers].filter(([, of]) => !of.every((watcher) => watcher.state.synced));
    return new Map(unready.map(([key, of]) => [key, errorOf(of)]));
  }

  /** Asks again for kinds that were not served; called once their definition is established. */
  retry(kinds: readonly KindToWatch[]): void {
    for (const kind of kinds) for (const watcher of this.#watchersOf(kind)) watcher.retryNow();
  }

  /** Reads all watched objects of the kind once more; throws `KubeError`. */
  async look(kind: Pick<ObjectRef, 'apiVersion' | 'kind'>): Promise<void> {
    for (const watcher of this.#watchers.get(kindKey(kind)) ?? []) await watcher.look();
  }

  /** Whether what the cache says of this kind is known to be whole. */
  isSynced(ref: ObjectRef): boolean {
    if (!this.covers(ref)) return false;
    return this.#watchers.get(kindKey(ref))?.every((watcher) => watcher.state.synced) ?? false;
  }

  /** Whether the object is where the agent may work; what is elsewhere is never seen. */
  covers({ namespace }: Pick<ObjectRef, 'namespace'>): boolean {
    return namespace === undefined || (this.#namespaces?.includes(namespace) ?? true);
  }

  stop(): void {
    for (const watchers of this.#watchers.values()) for (const watcher of watchers) watcher.stop();
    this.#watchers.clear();
  }

  #watchersOf(kind: KindToWatch): readonly KindWatcher[] {
    const existing = this.#watchers.get(kindKey(kind));
    if (existing && !isReplaced(existing, kind)) return existing;
    for (const watcher of existing ?? []) watcher.stop();
    const places = kind.namespaced && this.#namespaces ? this.#namespaces : [undefined];
    const watchers = places.map((namespace) => {
      const watched = { apiVersion: kind.apiVersion, kind: kind.kind, namespace };
      return new KindWatcher(this.#tools, watched, () => this.#announce());
    });
    this.#watchers.set(kindKey(kind), watchers);
    for (const watcher of watchers) void watcher.run();
    return watchers;
  }

  #announce(): void {
    this.#silent.clear();
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  #nextChange(timeoutMs: number): Promise<void> {
    const change = new Promise<void>((resolve) => this.#changed.push(resolve));
    return Promise.race([change, pause(this.#tools.clock, timeoutMs)]);
  }
}

/** A kind and whether its objects live in namespaces. */
export interface KindToWatch {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A version that the cluster stopped serving gives way to the one that is wanted now. */
function isReplaced(watchers: readonly KindWatcher[], kind: KindToWatch): boolean {
  return watchers.some((watcher) => !watcher.state.synced && watcher.apiVersion !== kind.apiVersion);
}

function isSettled(watchers: readonly KindWatcher[]): boolean {
  return watchers.every(({ state }) => state.synced || state.error !== undefined);
}

function errorOf(watchers: readonly KindWatcher[]): KubeError | undefined {
  for (const { state } of watchers) if (!state.synced) return state.error;
  return undefined;
}
