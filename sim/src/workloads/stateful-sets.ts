// The StatefulSet controller: numbered pods in order, replaced from the highest number down, with their claims.
import type { ClusterState } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { numberOf, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating } from '../kube-object.ts';
import { create, removeStored, withoutZeros, writeStatus } from './controller-writes.ts';
import { createPod, isReady, PODS, templateHash } from './pods.ts';
import { replicasOf } from './replica-sets.ts';

const HASH = 'controller-revision-hash';

const ordinalOf = (pod: KubeObject): number =>
  Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));

const revisionOf = (set: KubeObject): string =>
  `${set.metadata.name}-${templateHash(valueAt(set, 'spec', 'template'))}`;

const isOf = (pod: KubeObject, revision: string): boolean =>
  objectOf(pod.metadata['labels'])[HASH] === revision;

export function reconcileStatefulSet(state: ClusterState, set: KubeObject): void {
  if (isTerminating(set)) return;
  const pods = state.owners
    .ownedObjects(set.metadata.uid, PODS)
    .toSorted((a, b) => ordinalOf(a) - ordinalOf(b));
  const surplus = pods.filter((pod) => ordinalOf(pod) >= replicasOf(set));
  for (const pod of surplus) removeStored(state, PODS, pod);
  const left = pods.filter((pod) => !surplus.includes(pod));
  if (!createNext(state, set, left)) replaceOutdated(state, set, left);
  writeCounts(state, set);
}

/** Creates the pods that are missing: one after the other has become ready, or all at once when in parallel. */
function createNext(state: ClusterState, set: KubeObject, pods: readonly KubeObject[]): boolean {
  const isParallel = valueAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
  const present = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  let hasCreated = false;
  for (let ordinal = 0; ordinal < replicasOf(set); ordinal++) {
    const pod = present.get(ordinal);
    if (!pod) {
      createNumbered(state, set, ordinal);
      hasCreated = true;
    }
    if (!isParallel && !(pod && isReady(pod))) return hasCreated;
  }
  return hasCreated;
}

function createNumbered(state: ClusterState, set: KubeObject, ordinal: number): void {
  const { namespace } = set.metadata;
  const name = `${set.metadata.name}-${ordinal}`;
  for (const claim of objectsOf(valueAt(set, 'spec', 'volumeClaimTemplates'))) {
    const metadata = objectOf(claim['metadata']);
    const claimName = `${stringOf(metadata['name']) ?? 'data'}-${name}`;
    if (state.store.get('/persistentvolumeclaims', namespace, claimName)) continue;
    const content: JsonObject = { spec: objectOf(claim['spec']) };
    create(state, {
      kind: 'PersistentVolumeClaim',
      namespace,
      metadata: { ...metadata, name: claimName },
      content,
    });
  }
  createPod(state, set, { name }, { [HASH]: revisionOf(set), 'statefulset.kubernetes.io/pod-name': name });
}

function replaceOutdated(state: ClusterState, set: KubeObject, pods: readonly KubeObject[]): void {
  const strategy = valueAt(set, 'spec', 'updateStrategy');
  if (valueAt(strategy, 'type') === 'OnDelete') return;
  const partition = numberOf(valueAt(strategy, 'rollingUpdate', 'partition'), 0);
  const outdated = pods.filter((pod) => ordinalOf(pod) >= partition && !isOf(pod, revisionOf(set)));
  // A broken pod may be replaced at any time; a good one only while all others are ready.
  const next =
    outdated.findLast((pod) => !isReady(pod)) ?? (pods.every(isReady) ? outdated.at(-1) : undefined);
  if (next) removeStored(state, PODS, next);
}

function writeCounts(state: ClusterState, set: KubeObject): void {
  const pods = state.owners.ownedObjects(set.metadata.uid, PODS);
  const updateRevision = revisionOf(set);
  const updated = pods.filter((pod) => isOf(pod, updateRevision)).length;
  const isDone = updated === pods.length && pods.length === replicasOf(set);
  const currentRevision = stringOf(valueAt(set, 'status', 'currentRevision')) ?? updateRevision;
  const ready = pods.filter(isReady).length;
  const counts = {
    readyReplicas: ready,
    currentReplicas: isDone ? updated : pods.length - updated,
    updatedReplicas: updated,
  };
  writeStatus(state, set, {
    observedGeneration: numberOf(set.metadata['generation'], 1),
    replicas: pods.length,
    ...withoutZeros(counts),
    availableReplicas: ready,
    currentRevision: isDone ? updateRevision : currentRevision,
    updateRevision,
    collisionCount: 0,
  });
}
