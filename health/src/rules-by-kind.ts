// Which rule judges which kind. The version of an API does not matter: rules read what all versions have in common.
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
import { type IndexEntry, type RuleIndex, entriesOf, indexRules } from './rule-index.ts';
import { customRulesByKind } from './rules/custom-rules-by-kind.ts';
import { declaredRules } from './rules/declared-rules.ts';

/** The kinds that come with Kubernetes, `group/Kind` to rule; the core group is the empty string. */
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

/** Every rule of this project: functions for kinds that need logic, and the declared ones. */
export const knownRules: RuleIndex = indexRules([
  ...declaredRules.flatMap(entriesOf),
  ...[...rulesByKind].map(([key, judge]): IndexEntry => [key, () => ({ judge, asksConventions: true })]),
  ...[...customRulesByKind].map(([key, judge]): IndexEntry => [
    key,
    () => ({ judge, asksConventions: false }),
  ]),
]);
