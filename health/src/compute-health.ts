// The door of this workspace: what the state of any object means. Pure: no clock, no cluster, never a throw.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { fallbackVerdict, verdictOfAnyKind } from './generic-health.ts';
import type { HealthVerdict, RelatedObjects } from './health-verdict.ts';
import { ruleOf } from './rules-by-kind.ts';

/**
 * Health of one object from its own content and, for workloads, from their pods: a pod that cannot start makes the
 * workload DEGRADED long before its progress deadline. The rules are those of Argo CD and kstatus; where the two
 * differ, Argo CD decides.
 */
export function computeHealth(object: KubernetesObject, related: RelatedObjects = {}): HealthVerdict {
  return verdictOfAnyKind(object) ?? (ruleOf(object) ?? fallbackVerdict)(object, related);
}
