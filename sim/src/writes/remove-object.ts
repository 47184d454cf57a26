// Deletion: at once, or marked and held by finalizers; what depends on the object goes its own way afterwards.
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { objectAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf, finalizersOf, isTerminating } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { storageKeyOf } from '../resources/resource-type.ts';
import { writeConflict } from '../status-error.ts';
import { orphanDependents } from '../workloads/ownership.ts';

export interface RemoveOptions {
  readonly dryRun: boolean;
  readonly orphan: boolean;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

export interface RemoveResult {
  readonly object: KubeObject;
  /** False when finalizers, or a namespace's content, still hold it. */
  readonly isGone: boolean;
}

/** Throws 409 when a precondition (uid, resourceVersion) does not hold. */
export function removeObject(
  state: ClusterState,
  type: ResourceType,
  object: KubeObject,
  options: RemoveOptions,
): RemoveResult {
  refusePreconditions(type, object, options);
  const isHeld = type.kind === 'Namespace' || finalizersOf(object).length > 0;
  if (options.dryRun) return { object, isGone: !isHeld };
  if (options.orphan) orphanDependents(state, object);
  if (!isHeld) return { object: state.store.remove(storageKeyOf(type), object), isGone: true };
  if (isTerminating(object)) return { object, isGone: false };
  return { object: state.store.put(storageKeyOf(type), marked(state, type, object)), isGone: false };
}

function marked(state: ClusterState, type: ResourceType, object: KubeObject): KubeObject {
  const draft = draftOf(object);
  draft.metadata['deletionTimestamp'] = timestampOf(state.now());
  if (type.kind === 'Namespace') objectAt(draft, 'status')['phase'] = 'Terminating';
  else draft.metadata['deletionGracePeriodSeconds'] = 0;
  return draft;
}

function refusePreconditions(type: ResourceType, object: KubeObject, options: RemoveOptions): void {
  const { uid, resourceVersion, name } = object.metadata;
  const compare = (what: string, wanted: string | undefined, found: string): void => {
    if (wanted === undefined || wanted === found) return;
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
    throw writeConflict(type, name, why);
  };
  compare('UID', options.uid, uid);
  compare('ResourceVersion', options.resourceVersion, resourceVersion);
}

/** What the server answers to a deletion that is done. */
export const removalStatus = (type: ResourceType, object: KubeObject): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: {
    name: object.metadata.name,
    ...(type.group !== '' && { group: type.group }),
    kind: type.plural,
    uid: object.metadata.uid,
  },
});
