// How the simulated controllers write: as kube-controller-manager, with statuses through the status subresource.
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import { objectsOf } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf, finalizersOf, isTerminating } from '../kube-object.ts';
import { createObject, replaceObject } from '../writes/write-object.ts';

const CONTROLLER = 'kube-controller-manager';

/** Writes a status, if it differs; zero counts are left out, as the real controllers' types leave them out. */
export function writeStatus(
  state: ClusterState,
  object: KubeObject,
  status: JsonObject,
  { manager = CONTROLLER, annotations }: { manager?: string; annotations?: JsonObject } = {},
): void {
  const body = draftOf(object);
  body['status'] = status;
  if (annotations) body.metadata['annotations'] = annotations;
  const type = state.registry.builtin(object.kind);
  const { name, namespace } = object.metadata;
  const options = { manager, dryRun: false, subresource: 'status' } as const;
  replaceObject(state, { type, at: { name, namespace }, body }, options);
}

/** Writes what a controller changes in an object's own fields. */
export function writeObject(state: ClusterState, draft: KubeObject): void {
  const type = state.registry.builtin(draft.kind);
  const { name, namespace } = draft.metadata;
  replaceObject(
    state,
    { type, at: { name, namespace }, body: draft },
    { manager: CONTROLLER, dryRun: false },
  );
}

export interface NewObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
}

/** Creates an object of a built-in kind. */
export function create(state: ClusterState, { kind, namespace, metadata, content }: NewObject): KubeObject {
  const type = state.registry.builtin(kind);
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const body = { apiVersion, kind, metadata, ...structuredClone(content) };
  return createObject(
    state,
    { type, at: { namespace, name: '' }, body },
    { manager: CONTROLLER, dryRun: false },
  );
}

/** The reference by which a controller's objects name it. */
export const controlledBy = (owner: KubeObject): Json => [
  {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  },
];

/** Deletes a stored object of any kind, as far as its finalizers allow. */
export function removeStored(state: ClusterState, kind: string, object: KubeObject): void {
  if (finalizersOf(object).length === 0) state.store.remove(kind, object);
  else if (!isTerminating(object)) {
    const draft = draftOf(object);
    draft.metadata['deletionTimestamp'] = timestampOf(state.now());
    draft.metadata['deletionGracePeriodSeconds'] = 0;
    state.store.put(kind, draft);
  }
}

/** Without entries that are zero. */
export const withoutZeros = (counts: Readonly<Record<string, number>>): JsonObject =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

/** A condition, with the time of its last transition kept while its status stays the same. */
export function condition(
  object: KubeObject,
  next: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string },
  now: string,
): JsonObject {
  const status = object['status'];
  const conditions = objectsOf(
    typeof status === 'object' && status !== null && !Array.isArray(status) ? status['conditions'] : [],
  );
  const before = conditions.find((candidate) => candidate['type'] === next.type);
  const isSame = before?.['status'] === next.status;
  return { ...next, lastTransitionTime: isSame ? (before['lastTransitionTime'] ?? now) : now };
}
