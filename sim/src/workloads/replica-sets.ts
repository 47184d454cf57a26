// The ReplicaSet controller: as many pods as the spec says, and a status that counts them.
import type { ClusterState } from '../cluster-state.ts';
import { numberOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating } from '../kube-object.ts';
import { removeStored, withoutZeros, writeStatus } from './controller-writes.ts';
import { createPod, isReady, PODS } from './pods.ts';

export const REPLICA_SETS = 'apps/replicasets';

export const replicasOf = (workload: KubeObject): number =>
  numberOf(valueAt(workload, 'spec', 'replicas'), 1);

export function reconcileReplicaSet(state: ClusterState, set: KubeObject): void {
  if (isTerminating(set)) return;
  const pods = state.owners.ownedObjects(set.metadata.uid, PODS).filter((pod) => !isTerminating(pod));
  const missing = replicasOf(set) - pods.length;
  for (let count = 0; count < missing; count++)
    createPod(state, set, { generateName: `${set.metadata.name}-` });
  const surplus = pods
    .toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, -missing));
  for (const pod of surplus) removeStored(state, PODS, pod);
  writeCounts(state, set);
}

function writeCounts(state: ClusterState, set: KubeObject): void {
  const pods = state.owners.ownedObjects(set.metadata.uid, PODS);
  const ready = pods.filter(isReady).length;
  const counts = { fullyLabeledReplicas: pods.length, readyReplicas: ready, availableReplicas: ready };
  writeStatus(state, set, {
    replicas: pods.length,
    ...withoutZeros(counts),
    terminatingReplicas: 0,
    observedGeneration: numberOf(set.metadata['generation'], 1),
  });
}
