// The port through which the agent speaks to its cluster: raw JSON in, raw JSON out.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { KubeError } from './kube-error.ts';

/** A kind as discovery tells it. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Options of one server-side apply. */
export interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  readonly dryRun?: boolean;
}

/** How a patch's body is meant. */
export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json';

/** What a delete insists on; the API server answers 409 where it is not so. */
export interface DeletePreconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What a list or watch asks for. */
export interface ListScope {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
}

/** A whole list and the point from which a watch continues it. */
export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
}

/** One thing that a watch tells. BOOKMARK carries only a resourceVersion. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubernetesObject;
}

/** Where a watch starts, and how long the API server may keep it open. */
export interface WatchOptions extends ListScope {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** What discovery says of all kinds. */
export interface ServedKinds {
  readonly kinds: readonly ApiResource[];
  /** Groups of which it could not be asked, most often since an aggregated API is away, each with why. */
  readonly unanswered: ReadonlyMap<string, KubeError>;
}

/**
 * Requests to one API server. Every method throws `KubeError` for a refusal or a lost connection;
 * 429, 5xx and lost connections were retried a few times before.
 */
export interface KubeClient {
  /** The same cluster; what is written is written as this user, whose rights count then. Reads stay the agent's own. */
  writingAs(user: string): KubeClient;
  /** The resource that serves this kind; asks discovery again, at most every few seconds, for one it does not know. */
  resolve(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** Every kind that is served, each once, in the version that the API server prefers. */
  kinds(): Promise<ServedKinds>;
  /** Forget what discovery said of a group version: a CRD was added, changed or removed. */
  forgetDiscovery(apiVersion: string): void;
  /** The object, or `undefined` where there is none. */
  get(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  list(resource: ApiResource, scope: ListScope): Promise<ObjectList>;
  watch(resource: ApiResource, options: WatchOptions): AsyncGenerator<WatchEvent>;
  create(object: KubernetesObject): Promise<KubernetesObject>;
  /** Replaces the object whole; 409 where its `resourceVersion` is given and is not the current one. */
  replace(object: KubernetesObject): Promise<KubernetesObject>;
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  patch(ref: ObjectRef, type: PatchType, body: unknown): Promise<KubernetesObject>;
  /** `true` when the object is gone at once, `false` when finalizers or a grace period keep it for now. */
  remove(ref: ObjectRef, preconditions: DeletePreconditions): Promise<boolean>;
}
