// The KubeClient that speaks HTTP.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { pause, type Clock } from '../clock.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { Discovery } from './discovery.ts';
import { jsonLines } from './json-lines.ts';
import type {
  ApiResource,
  ApplyOptions,
  DeletePreconditions,
  KubeClient,
  ListScope,
  ObjectList,
  PatchType,
  ServedKinds,
  WatchEvent,
  WatchOptions,
} from './kube-client.ts';
import { isKubeError, KubeError, kindNotServed, type KubeStatus, type RequestSubject } from './kube-error.ts';
import { KubeTransport, type KubeRequest } from './kube-transport.ts';
import { queryString, resourceName, resourcePath } from './resource-path.ts';
import { retryDelayMs } from './retry.ts';

const PAGE_SIZE = '500';
const WATCH_GRACE_MS = 15_000;

interface ListPage {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubernetesObject[];
}

/** Requests with retries, discovery and paging over one transport. */
export class HttpKubeClient implements KubeClient {
  readonly #transport: KubeTransport;
  readonly #clock: Clock;
  readonly #discovery: Discovery;
  readonly #settings: ConnectionSettings;
  readonly #user: string | undefined;

  /** With `writing` connections and discovery are those of another client, and writes are made as that user. */
  constructor(settings: ConnectionSettings, clock: Clock, writing?: WritingAs) {
    this.#settings = settings;
    this.#clock = clock;
    this.#user = writing?.user;
    this.#transport = writing ? writing.client.#transport : new KubeTransport(settings);
    this.#discovery = writing
      ? writing.client.#discovery
      : new Discovery((request) => this.#json(request), clock);
  }

  writingAs(user: string): HttpKubeClient {
    return new HttpKubeClient(this.#settings, this.#clock, { client: this, user });
  }

  /** What the API server says of itself: `v1.36.3`. */
  async version(): Promise<string> {
    const subject = { verb: 'get', resource: '/version' };
    const { gitVersion } = await this.#json<{ gitVersion: string }>({
      method: 'GET',
      path: '/version',
      subject,
    });
    return gitVersion;
  }

  /** Closes all connections; a running request fails. */
  close(): void {
    this.#transport.close();
  }

  resolve(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    return this.#discovery.resolve(apiVersion, kind);
  }

  kinds(): Promise<ServedKinds> {
    return this.#discovery.all();
  }

  forgetDiscovery(apiVersion: string): void {
    this.#discovery.forget(apiVersion);
  }

  async get(ref: ObjectRef): Promise<KubernetesObject | undefined> {
    try {
      return await this.#onObject<KubernetesObject>('GET', ref);
    } catch (error) {
      if (isKubeError(error, 404)) return undefined;
      throw error;
    }
  }

  async list(resource: ApiResource, scope: ListScope): Promise<ObjectList> {
    const items: KubernetesObject[] = [];
    let page: ListPage = {};
    do {
      page = await this.#json<ListPage>({
        method: 'GET',
        path:
          resourcePath(resource, scope.namespace) +
          queryString({
            labelSelector: scope.labelSelector,
            limit: PAGE_SIZE,
            continue: page.metadata?.continue,
          }),
        subject: subjectOf('list', resource, { namespace: scope.namespace }),
      });
      // Items of a list come without their kind.
      for (const item of page.items ?? []) items.push(withKind(item, resource));
    } while (page.metadata?.continue);
    return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
  }

  async *watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent> {
    const subject = subjectOf('watch', resource, { namespace: options.namespace });
    const path =
      resourcePath(resource, options.namespace) +
      queryString({
        watch: 'true',
        allowWatchBookmarks: 'true',
        labelSelector: options.labelSelector,
        resourceVersion: options.resourceVersion,
        timeoutSeconds: String(options.timeoutSeconds),
      });
    // A connection that died in silence would never end by itself.
    const deadline = AbortSignal.timeout(options.timeoutSeconds * 1000 + WATCH_GRACE_MS);
    const signal = AbortSignal.any([options.signal, deadline]);
    const answer = await this.#transport.stream({ method: 'GET', path, subject }, signal);
    try {
      for await (const value of jsonLines(answer)) yield watchEvent(value, subject);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error instanceof KubeError ? error : new KubeError(0, { message: String(error) }, subject);
    } finally {
      answer.destroy();
    }
  }

  create(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#onCollection(object);
  }

  replace(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#onObject('PUT', refOf(object), { body: object });
  }

  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
    const query = {
      fieldManager: options.manager,
      force: String(options.force),
      fieldValidation: 'Strict',
      dryRun: options.dryRun ? 'All' : undefined,
    };
    return this.#onObject('PATCH', refOf(object), {
      body: object,
      contentType: 'application/apply-patch+yaml',
      query,
    });
  }

  patch(ref: ObjectRef, type: PatchType, body: unknown): Promise<KubernetesObject> {
    return this.#onObject('PATCH', ref, { body, contentType: type });
  }

  async remove(ref: ObjectRef, preconditions: DeletePreconditions): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions };
    const answer = await this.#onObject<{ kind?: string }>('DELETE', ref, { body });
    return answer.kind === 'Status';
  }

  async #onCollection(object: KubernetesObject): Promise<KubernetesObject> {
    const ref = refOf(object);
    const resource = await this.#resourceOf('create', ref);
    return this.#json({
      method: 'POST',
      path: resourcePath(resource, ref.namespace),
      subject: this.#written(subjectOf('create', resource, ref)),
      body: object,
    });
  }

  async #onObject<T>(method: KubeRequest['method'], ref: ObjectRef, more: ObjectRequest = {}): Promise<T> {
    const verb = VERBS[method];
    const resource = await this.#resourceOf(verb, ref);
    const subject = subjectOf(verb, resource, ref);
    return this.#json<T>({
      method,
      path: resourcePath(resource, ref.namespace, ref.name) + queryString(more.query ?? {}),
      subject: method === 'GET' ? subject : this.#written(subject),
      ...(more.body !== undefined && { body: more.body }),
      ...(more.contentType !== undefined && { contentType: more.contentType }),
    });
  }

  #written(subject: RequestSubject): RequestSubject {
    return this.#user === undefined ? subject : { ...subject, user: this.#user };
  }

  async #resourceOf(verb: string, ref: ObjectRef): Promise<ApiResource> {
    const resource = await this.resolve(ref.apiVersion, ref.kind);
    if (resource) return resource;
    throw kindNotServed(ref.apiVersion, ref.kind, { verb, namespace: ref.namespace, name: ref.name });
  }

  async #json<T>(request: KubeRequest): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transport.json<T>(request);
      } catch (error) {
        const delayMs = isKubeError(error) ? retryDelayMs(error, attempt, Math.random()) : undefined;
        if (delayMs === undefined) throw error;
        await pause(this.#clock, delayMs);
      }
    }
  }
}

/** Whose connections are used, and as whom is written. */
interface WritingAs {
  readonly client: HttpKubeClient;
  readonly user: string;
}

interface ObjectRequest {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

const VERBS: Readonly<Record<KubeRequest['method'], string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function subjectOf(
  verb: string,
  resource: ApiResource,
  where: { readonly namespace?: string | undefined; readonly name?: string },
): RequestSubject {
  return { verb, resource: resourceName(resource), namespace: where.namespace, name: where.name };
}

function withKind(item: KubernetesObject, resource: ApiResource): KubernetesObject {
  return { ...item, apiVersion: resource.apiVersion, kind: resource.kind };
}

/** An ERROR event, such as 410 for a resourceVersion that is too old, is thrown like a refusal. */
function watchEvent(value: unknown, subject: RequestSubject): WatchEvent {
  const event = value as { readonly type: string; readonly object: KubernetesObject };
  if (event.type !== 'ERROR') return event as WatchEvent;
  const status = value as { readonly object: KubeStatus };
  throw new KubeError(status.object.code ?? 500, status.object, subject);
}
