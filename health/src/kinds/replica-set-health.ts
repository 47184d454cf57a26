// ReplicaSet: as many available pods as wanted, or not.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { conditionIs } from '../conditions.ts';
import { notObserved } from '../generic-health.ts';
import {
  type HealthVerdict,
  type RelatedObjects,
  degraded,
  healthy,
  progressing,
} from '../health-verdict.ts';
import { because, fewest, fields, wholeNumber } from '../read-fields.ts';
import { verdictOfPods } from '../verdict-of-pods.ts';

/** All its pods have one template, so all of them count. */
export function replicaSetHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  const own = notObserved(object) ?? ownVerdict(object);
  return verdictOfPods(own, related.pods ?? [], { nowMs: related.nowMs, crashesCount: true });
}

function ownVerdict(object: KubernetesObject): HealthVerdict {
  const status = fields(object['status']);
  const desired = wholeNumber(fields(object['spec'])['replicas']) ?? 1;
  const available = fewest(status, 'availableReplicas', 'readyReplicas', 'fullyLabeledReplicas');
  const total = wholeNumber(status['replicas']) ?? 0;
  const words = `${available} of ${desired} available`;
  const failure = conditionIs(object, 'ReplicaFailure', 'True');
  if (failure) {
    // A failure without a missing pod is one that has just been overcome.
    const verdict = available < desired ? degraded : progressing;
    return verdict(failure.reason ?? 'ReplicaFailure', `${words}${because(failure.message)}`);
  }
  if (available < desired) return progressing('ReplicasUnavailable', words);
  if (total > desired) return progressing('SurplusReplicasRunning', `${total - desired} more than wanted`);
  return healthy('Complete', words);
}
