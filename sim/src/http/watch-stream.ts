// A watch: one line of JSON for each change that the selector sees, from a version on, until its time is over.
import type { ServerResponse } from 'node:http';
import type { ClusterState } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf, storageKeyOf } from '../resources/resource-type.ts';
import type { ObjectTest } from '../store/field-selector.ts';
import type { StoreChange } from '../store/object-store.ts';
import { StatusError } from '../status-error.ts';
import { selectorOf } from './object-list.ts';

const DEFAULT_SECONDS = 1_800;
const BOOKMARK_BEFORE_END_MS = 2_000;

export interface WatchRequest {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
}

/** Serialised once per object, however many watch it. */
const texts = new WeakMap<KubeObject, string>();

function textOf(object: KubeObject): string {
  const known = texts.get(object) ?? JSON.stringify(object);
  texts.set(object, known);
  return known;
}

/** Sends changes until the client leaves or `timeoutSeconds` are over; 410 comes as an ERROR event. */
export class WatchStream {
  readonly #state: ClusterState;
  readonly #request: WatchRequest;
  readonly #response: ServerResponse;
  readonly #isSelected: ObjectTest;
  readonly #timers: NodeJS.Timeout[] = [];
  #unsubscribe: () => void = () => undefined;

  constructor(state: ClusterState, request: WatchRequest, response: ServerResponse) {
    this.#state = state;
    this.#request = request;
    this.#response = response;
    this.#isSelected = selectorOf(request.query);
  }

  start(): void {
    this.#response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache, private',
    });
    this.#response.flushHeaders();
    this.#response.on('close', () => this.stop());
    try {
      this.#sendPast();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#send('ERROR', JSON.stringify(error.status));
      this.#response.end();
      return;
    }
    this.#unsubscribe = this.#state.store.onChange((change) => this.#follow(change));
    this.#setTimers();
  }

  stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#response.end();
  }

  #sendPast(): void {
    const { type, namespace, query } = this.#request;
    const version = Number(query.get('resourceVersion') ?? 0);
    if (version > 0) {
      for (const change of this.#state.store.changesAfter(version)) this.#follow(change);
      return;
    }
    const objects = this.#state.store.list(storageKeyOf(type), namespace).filter(this.#isSelected);
    for (const object of objects) this.#send('ADDED', textOf(object));
  }

  #follow({ type, kind, object, previous }: StoreChange): void {
    const { namespace } = this.#request;
    if (kind !== storageKeyOf(this.#request.type)) return;
    if (namespace !== undefined && object.metadata.namespace !== namespace) return;
    const is = type !== 'DELETED' && this.#isSelected(object);
    const was = previous !== undefined && this.#isSelected(previous);
    if (is) this.#send(was ? 'MODIFIED' : 'ADDED', textOf(object));
    else if (was) this.#send('DELETED', textOf(object));
  }

  #setTimers(): void {
    const { query } = this.#request;
    const timeoutMs = Number(query.get('timeoutSeconds') ?? DEFAULT_SECONDS) * 1_000;
    this.#timers.push(setTimeout(() => this.stop(), timeoutMs).unref());
    if (query.get('allowWatchBookmarks') !== 'true' && query.get('allowWatchBookmarks') !== '1') return;
    const bookmarkMs = Math.max(timeoutMs / 2, timeoutMs - BOOKMARK_BEFORE_END_MS);
    this.#timers.push(setTimeout(() => this.#bookmark(), bookmarkMs).unref());
  }

  #bookmark(): void {
    const { type } = this.#request;
    const metadata: Json = { resourceVersion: String(this.#state.store.version), creationTimestamp: null };
    const bookmark: JsonObject = { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
    this.#send('BOOKMARK', JSON.stringify(bookmark));
  }

  #send(type: StoreChange['type'] | 'BOOKMARK' | 'ERROR', object: string): void {
    this.#response.write(`{"type":"${type}","object":${object}}\n`);
  }
}
