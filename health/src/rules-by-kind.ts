// Which rule judges which kind. The version of an API does not matter: rules read what all versions have in common.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import type { HealthRule } from './health-verdict.ts';
import { aggregatedApiHealth } from './kinds/aggregated-api-health.ts';
import { cronJobHealth } from './kinds/cron-job-health.ts';
import { customResourceDefinitionHealth } from './kinds/custom-resource-definition-health.ts';
import { daemonSetHealth } from './kinds/daemon-set-health.ts';
import { deploymentHealth } from './kinds/deployment-health.ts';
import { horizontalPodAutoscalerHealth } from './kinds/horizontal-pod-autoscaler-health.ts';
import { ingressHealth } from './kinds/ingress-health.ts';
import { jobHealth } from './kinds/job-health.ts';
import { loadBalancerHealth } from './kinds/load-balancer-health.ts';
import { namespaceHealth } from './kinds/namespace-health.ts';
import { persistentVolumeClaimHealth } from './kinds/persistent-volume-claim-health.ts';
import { podDisruptionBudgetHealth } from './kinds/pod-disruption-budget-health.ts';
import { podHealth } from './kinds/pod-health.ts';
import { replicaSetHealth } from './kinds/replica-set-health.ts';
import { statefulSetHealth } from './kinds/stateful-set-health.ts';

/** `group/Kind` to rule; the core group is the empty string. */
export const rulesByKind: ReadonlyMap<string, HealthRule> = new Map<string, HealthRule>([
  ['/Namespace', namespaceHealth],
  ['/PersistentVolumeClaim', persistentVolumeClaimHealth],
  ['/Pod', podHealth],
  ['/Service', loadBalancerHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinitionHealth],
  ['apiregistration.k8s.io/APIService', aggregatedApiHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/Deployment', deploymentHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscalerHealth],
  ['batch/CronJob', cronJobHealth],
  ['batch/Job', jobHealth],
  ['extensions/DaemonSet', daemonSetHealth],
  ['extensions/Deployment', deploymentHealth],
  ['extensions/Ingress', ingressHealth],
  ['extensions/ReplicaSet', replicaSetHealth],
  ['networking.k8s.io/Ingress', ingressHealth],
  ['policy/PodDisruptionBudget', podDisruptionBudgetHealth],
]);

/** The rule of the object's kind; undefined for kinds that only the generic conditions speak of. */
export function ruleOf(object: KubernetesObject): HealthRule | undefined {
  if (typeof object.apiVersion !== 'string') return undefined;
  return rulesByKind.get(`${groupOf(object.apiVersion)}/${object.kind}`);
}
