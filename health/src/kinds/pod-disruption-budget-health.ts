// PodDisruptionBudget: whether its controller can keep count. That it allows no disruption now is its purpose.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { conditionsOf } from '../conditions.ts';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { because, fields } from '../read-fields.ts';

/** Too few pods to allow a disruption is no fault of the budget; a failed sync is. */
export function podDisruptionBudgetHealth(object: KubernetesObject): HealthVerdict {
  if (Object.keys(fields(object['status'])).length === 0) {
    return progressing('NotObserved', 'its controller has not looked at it yet');
  }
  const conditions = conditionsOf(object);
  const fault = conditions.find(({ status, reason }) => status === 'False' && reason !== 'InsufficientPods');
  if (fault) return degraded(fault.reason ?? fault.type, `cannot be kept${because(fault.message)}`);
  const isTight = conditions.some(({ reason }) => reason === 'InsufficientPods');
  return isTight
    ? healthy('InsufficientPods', 'allows no disruption now, because no pod can be spared')
    : healthy('Observed', 'is watched over');
}
