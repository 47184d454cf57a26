// The DaemonSet controller: one pod, because the simulated cluster has one node.
import type { ClusterState } from '../cluster-state.ts';
import { numberOf, objectOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating } from '../kube-object.ts';
import { removeStored, withoutZeros, writeStatus } from './controller-writes.ts';
import { createPod, isReady, PODS, templateHash } from './pods.ts';

const HASH = 'controller-revision-hash';

export function reconcileDaemonSet(state: ClusterState, set: KubeObject): void {
  if (isTerminating(set)) return;
  const revision = templateHash(valueAt(set, 'spec', 'template'));
  const isCurrent = (pod: KubeObject): boolean => objectOf(pod.metadata['labels'])[HASH] === revision;
  const isRolling = valueAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
  for (const pod of state.owners.ownedObjects(set.metadata.uid, PODS)) {
    if (isRolling && !isCurrent(pod)) removeStored(state, PODS, pod);
  }
  if (state.owners.ownedObjects(set.metadata.uid, PODS).length === 0) {
    createPod(state, set, { generateName: `${set.metadata.name}-` }, { [HASH]: revision });
  }
  const pods = state.owners.ownedObjects(set.metadata.uid, PODS);
  const ready = pods.filter(isReady).length;
  writeStatus(state, set, {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: ready,
    observedGeneration: numberOf(set.metadata['generation'], 1),
    ...withoutZeros({
      updatedNumberScheduled: pods.filter(isCurrent).length,
      numberAvailable: ready,
      numberUnavailable: 1 - ready,
    }),
  });
}
