// Dependents of deleted objects: they follow their last owner in the background, unless they were let go before.
import type { ClusterState } from '../cluster-state.ts';
import { objectsOf } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf, ownersOf } from '../kube-object.ts';
import type { Dependent } from '../store/owner-index.ts';
import { removeStored } from './controller-writes.ts';

/** Deletes those of an owner's dependents that have no other owner left. */
export function collectDependents(state: ClusterState, ownerUid: string): void {
  for (const dependent of state.owners.dependentsOf(ownerUid)) {
    if (ownersOf(dependent.object).some((owner) => state.owners.has(owner.uid)))
      letGo(state, dependent, ownerUid);
    else removeStored(state, dependent.kind, dependent.object);
  }
}

/** Takes the owner out of its dependents, so that they outlive it. */
export function orphanDependents(state: ClusterState, owner: KubeObject): void {
  for (const dependent of state.owners.dependentsOf(owner.metadata.uid))
    letGo(state, dependent, owner.metadata.uid);
}

function letGo(state: ClusterState, { kind, object }: Dependent, ownerUid: string): void {
  const draft = draftOf(object);
  const left = objectsOf(draft.metadata['ownerReferences']).filter((owner) => owner['uid'] !== ownerUid);
  if (left.length > 0) draft.metadata['ownerReferences'] = left;
  else delete draft.metadata['ownerReferences'];
  state.store.put(kind, draft);
}
