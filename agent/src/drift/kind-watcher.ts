// Follows the labelled objects of one kind: list, watch, resume, and list again as a safety net.
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { groupOf, resourceId } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { pause, type Clock } from '../clock.ts';
import type { ApiResource, KubeClient, ListScope, WatchEvent } from '../kube/kube-client.ts';
import { isKubeError, KubeError, kindNotServed } from '../kube/kube-error.ts';
import { backoffMs } from '../kube/retry.ts';
import type { LiveCache } from './live-cache.ts';
import { versionOf, type LiveObject } from './live-object.ts';

const RELIST_MS = 10 * 60_000;
const WATCH_SECONDS = 300;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
// A watch that ends sooner than this twice in a row has an API server that cannot serve it now.
const QUICK_END_MS = 5_000;
// What is cached is believed meanwhile, so this is short.
const LONGEST_REST_MS = 10_000;

/** What a watcher works with. */
export interface WatchTools {
  readonly kube: KubeClient;
  readonly cache: LiveCache;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Which objects: a kind, everywhere or in one namespace. */
export interface WatchedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
}

/** Whether the cache may be believed for this kind; the error says why not. */
export type WatchState = { readonly synced: true } | { readonly synced: false; readonly error?: KubeError };

/** One loop per kind and namespace. It never ends by itself: a kind that is away is asked for again, ever more rarely. */
export class KindWatcher {
  readonly #tools: WatchTools;
  readonly #watched: WatchedKind;
  readonly #stop = new AbortController();
  readonly #onState: () => void;
  #state: WatchState = { synced: false };
  #wake = new AbortController();
  #failures = 0;
  #quickEnds = 0;
  #resumeFrom = '';

  constructor(tools: WatchTools, watched: WatchedKind, onState: () => void) {
    this.#tools = tools;
    this.#watched = watched;
    this.#onState = onState;
  }

  get apiVersion(): string {
    return this.#watched.apiVersion;
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (!this.#stop.signal.aborted) await this.#rest(error);
      }
    }
  }

  /** Tries again now instead of waiting: what was missing may be there. */
  retryNow(): void {
    if (!this.#state.synced) this.#state = { synced: false };
    this.#wake.abort();
  }

  /** Reads all its objects once, beside the watch, so that the cache looks at them again. */
  async look(): Promise<void> {
    const resource = await this.#resolve();
    const { items } = await this.#tools.kube.list(resource, this.#scope());
    for (const item of items) this.#tools.cache.put(item);
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
  }

  /** One list, and the watches that continue it until the next safety-net list is due. */
  async #follow(): Promise<void> {
    const resource = await this.#resolve();
    await this.#list(resource);
    const relistAtMs = this.#tools.clock.now() + RELIST_MS * (0.8 + 0.4 * this.#tools.random());
    while (!this.#stop.signal.aborted && this.#tools.clock.now() < relistAtMs) {
      const startedAtMs = this.#tools.clock.now();
      try {
        await this.#watch(resource);
        await this.#restWhereQuick(startedAtMs);
      } catch (error) {
        // The point to resume from is too old: a new list is the only way on.
        if (isKubeError(error, 410)) await this.#restWhereQuick(startedAtMs);
        if (!isKubeError(error, 0)) throw error;
        await this.#restUnlessLong(startedAtMs);
      }
    }
  }

  async #resolve(): Promise<ApiResource> {
    const { apiVersion, kind } = this.#watched;
    const resource = await this.#tools.kube.resolve(apiVersion, kind);
    if (!resource) throw kindNotServed(apiVersion, kind, { verb: 'list' });
    if (resource.verbs.includes('watch')) return resource;
    const status = { reason: 'MethodNotAllowed', message: `${kind} in ${apiVersion} cannot be watched` };
    throw new KubeError(405, status, { verb: 'watch', resource: `${kind}.${apiVersion}` });
  }

  async #list(resource: ApiResource): Promise<void> {
    const list = await this.#tools.kube.list(resource, this.#scope());
    this.#tools.cache.reconcile((live) => this.#covers(live), list.items, Number(list.resourceVersion));
    this.#resumeFrom = list.resourceVersion;
    this.#failures = 0;
    this.#setState({ synced: true });
  }

  /** Notes how far it came as it goes, since a connection may break at any event. */
  async #watch(resource: ApiResource): Promise<void> {
    const timeoutSeconds = Math.round(WATCH_SECONDS * (0.8 + 0.4 * this.#tools.random()));
    const events = this.#tools.kube.watch(resource, {
      ...this.#scope(),
      resourceVersion: this.#resumeFrom,
      timeoutSeconds,
      signal: this.#stop.signal,
    });
    for await (const event of events) {
      this.#take(event);
      this.#resumeFrom = event.object.metadata.resourceVersion ?? this.#resumeFrom;
    }
  }

  #take({ type, object }: WatchEvent): void {
    const { cache } = this.#tools;
    if (type === 'ADDED' || type === 'MODIFIED') cache.put(object);
    if (type === 'DELETED') cache.drop(resourceId(refOf(object)), versionOf(object));
  }

  #scope(): ListScope {
    return { namespace: this.#watched.namespace, labelSelector: INSTANCE_LABEL };
  }

  #covers(live: LiveObject): boolean {
    const { apiVersion, kind, namespace } = this.#watched;
    return (
      live.ref.kind === kind &&
      groupOf(live.ref.apiVersion) === groupOf(apiVersion) &&
      (namespace === undefined || live.ref.namespace === namespace)
    );
  }

  async #rest(error: unknown): Promise<void> {
    if (isKubeError(error, 410)) return;
    const known = error instanceof KubeError ? error : unexpected(error, this.#watched);
    this.#setState({ synced: false, error: known });
    const delayMs = backoffMs(this.#failures, FIRST_RETRY_MS, LONGEST_RETRY_MS, this.#tools.random());
    this.#failures += 1;
    await this.#pause(delayMs);
  }

  /** A connection that broke at once is not dialled again in a tight loop. */
  async #restUnlessLong(startedAtMs: number): Promise<void> {
    if (this.#tools.clock.now() - startedAtMs > LONGEST_RETRY_MS) this.#failures = 0;
    const delayMs = backoffMs(this.#failures, FIRST_RETRY_MS, LONGEST_RETRY_MS, this.#tools.random());
    this.#failures += 1;
    await this.#pause(delayMs);
  }

  /** Once is nothing; a watch that ends again and again must not become a storm of lists. */
  async #restWhereQuick(startedAtMs: number): Promise<void> {
    const isQuick = this.#tools.clock.now() - startedAtMs < QUICK_END_MS;
    this.#quickEnds = isQuick ? this.#quickEnds + 1 : 0;
    if (this.#quickEnds < 2) return;
    const failures = this.#quickEnds - 2;
    await this.#pause(backoffMs(failures, FIRST_RETRY_MS, LONGEST_REST_MS, this.#tools.random()));
  }

  async #pause(delayMs: number): Promise<void> {
    await pause(this.#tools.clock, delayMs, this.#wake.signal);
    if (!this.#stop.signal.aborted) this.#wake = new AbortController();
  }

  #setState(state: WatchState): void {
    this.#state = state;
    this.#onState();
  }
}

function unexpected(error: unknown, { apiVersion, kind }: WatchedKind): KubeError {
  const message = error instanceof Error ? error.message : String(error);
  return new KubeError(
    0,
    { reason: 'Unexpected', message },
    { verb: 'watch', resource: `${kind}.${apiVersion}` },
  );
}
