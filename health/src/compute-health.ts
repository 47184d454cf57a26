// The door of this workspace: what the state of any object means. Pure: no clock, no cluster, never a throw.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import {
  conventionsVerdict,
  deletionVerdict,
  fallbackVerdict,
  generationVerdict,
  malformedVerdict,
} from './generic-health.ts';
import type { HealthVerdict, RelatedObjects } from './health-verdict.ts';
import type { KindRule, RuleIndex } from './rule-index.ts';
import { knownRules } from './rules-by-kind.ts';
import { whileSettling } from './settling.ts';

/**
 * Health of one object from its own content and, for workloads, from their pods: a pod that cannot start makes the
 * workload DEGRADED long before its progress deadline. The rules are those of Argo CD and kstatus; where the two
 * differ, Argo CD decides. `rules` are a user's own and come before ours.
 */
export function computeHealth(
  object: KubernetesObject,
  related: RelatedObjects = {},
  rules?: RuleIndex,
): HealthVerdict {
  const rule = rules?.find(object) ?? knownRules.find(object);
  const verdict = verdictOfAnyKind(object, rule) ?? ownVerdict(object, related, rule);
  return whileSettling(object, verdict, related);
}

/** What holds for every kind comes before its own rule: a rule never sees an object that is going, or an old status. */
function verdictOfAnyKind(object: KubernetesObject, rule: KindRule | undefined): HealthVerdict | undefined {
  return malformedVerdict(object) ?? goingVerdict(object, rule) ?? oldVerdict(object, rule);
}

function goingVerdict(object: KubernetesObject, rule: KindRule | undefined): HealthVerdict | undefined {
  const going = deletionVerdict(object);
  return going && (rule?.deleting?.(object) ?? going);
}

function oldVerdict(object: KubernetesObject, rule: KindRule | undefined): HealthVerdict | undefined {
  const old = generationVerdict(object);
  return old && (rule?.unseen?.(object) ?? old);
}

function ownVerdict(
  object: KubernetesObject,
  related: RelatedObjects,
  rule: KindRule | undefined,
): HealthVerdict {
  if (!rule) return conventionsVerdict(object) ?? fallbackVerdict(object);
  const conventional = rule.asksConventions ? conventionsVerdict(object) : undefined;
  return conventional ?? rule.judge(object, related);
}
