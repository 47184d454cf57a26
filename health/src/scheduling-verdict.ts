// A pod for which no node is found: at first the cluster may still make room, later it is a fault.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { conditionIs } from './conditions.ts';
import { type HealthVerdict, degraded, progressing } from './health-verdict.ts';
import { because, fields, text } from './read-fields.ts';

/** How long a pod may be unschedulable before it counts as a fault; the time that kstatus gives it. */
export const SCHEDULING_GRACE_MS = 15_000;

/**
 * The verdict on a pod that the scheduler refused; undefined when it did not. A pod without a creation time has no
 * grace; without `nowMs` the grace is taken as running.
 */
export function schedulingVerdict(pod: KubernetesObject, nowMs?: number): HealthVerdict | undefined {
  const refused = conditionIs(pod, 'PodScheduled', 'False');
  if (refused?.reason !== 'Unschedulable') return undefined;
  const message = `cannot be scheduled${because(refused.message)}`;
  const createdMs = Date.parse(text(fields(pod.metadata)['creationTimestamp']) ?? '');
  const overAtMs = createdMs + SCHEDULING_GRACE_MS;
  if (Number.isNaN(overAtMs) || (nowMs !== undefined && nowMs >= overAtMs)) {
    return degraded('Unschedulable', message);
  }
  return { ...progressing('Unschedulable', message), recheckAtMs: overAtMs };
}
