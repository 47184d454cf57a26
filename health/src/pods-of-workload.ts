// Which kinds are judged with their pods, and whether a pod is one of a workload's, told by owner and not by labels
// alone: a selector may be as wide as it likes.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import { fields, fieldsList, text } from './read-fields.ts';

const WITH_PODS = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'argoproj.io/Rollout',
  'apps.kruise.io/CloneSet',
  'apps.kruise.io/StatefulSet',
  'apps.kruise.io/DaemonSet',
]);

/** Labels in which the owners of ReplicaSets put what makes their names: `NAME-HASH`. */
const HASH_LABELS = ['pod-template-hash', 'rollouts-pod-template-hash'];

/** Whether pods say more of this kind than the object itself while it is not healthy. */
export function isJudgedWithPods({
  apiVersion,
  kind,
}: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return WITH_PODS.has(`${groupOf(apiVersion)}/${kind}`);
}

/** Whether the workload owns the pod, itself or by a ReplicaSet of its own. */
export function isPodOf(workload: KubernetesObject, pod: KubernetesObject): boolean {
  const { uid, name } = fields(workload.metadata);
  const owners = fieldsList(fields(pod.metadata)['ownerReferences']);
  if (owners.some((owner) => uid !== undefined && owner['uid'] === uid)) return true;
  const replicaSets = owners.filter(({ kind }) => kind === 'ReplicaSet').map((owner) => owner['name']);
  const labels = fields(fields(pod.metadata)['labels']);
  return HASH_LABELS.some((label) => {
    const hash = text(labels[label]);
    return hash !== undefined && replicaSets.includes(`${String(name)}-${hash}`);
  });
}
