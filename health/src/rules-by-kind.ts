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

const asConventional = ([key, judge]: readonly [string, HealthRule]): IndexEntry => [
  key,
  () => ({ judge, asksConventions: true }),
];

const asCustom = ([key, judge]: readonly [string, HealthRule]): IndexEntry => [
  key,
  () => ({ judge, asksConventions: false }),
];

/** Every rule of this project: functions for kinds that need logic, and the declared ones. */
export const knownRules: RuleIndex = indexRules([
  ...declaredRules.flatMap(entriesOf),
  ...[...rulesByKind].map(asConventional),
  ...[...customRulesByKind].map(asCustom),
]);

/** A kind that has a rule; `*` stands for every kind, and `*.suffix` for every group below it. */
export interface KnownKind {
  readonly group: string;
  readonly kind: string;
  readonly writtenAs: 'function' | 'declared rule';
}

/** All kinds that have a rule, by group and kind. */
export function knownKinds(): readonly KnownKind[] {
  const functions = [...rulesByKind.keys(), ...customRulesByKind.keys()];
  const declared = declaredRules.flatMap(entriesOf).map(([key]) => key);
  const kinds = new Map<string, KnownKind['writtenAs']>(declared.map((key) => [key, 'declared rule']));
  for (const key of functions) kinds.set(key, 'function');
  return [...kinds]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, writtenAs]) => {
      const slash = key.lastIndexOf('/');
      return { group: key.slice(0, slash), kind: key.slice(slash + 1), writtenAs };
    });
}
