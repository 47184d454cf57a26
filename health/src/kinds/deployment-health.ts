// Deployment: paused, past its progress deadline, rolling out, or complete.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { condition, conditionIs } from '../conditions.ts';
import { notObserved } from '../generic-health.ts';
import {
  type HealthVerdict,
  type RelatedObjects,
  degraded,
  healthy,
  progressing,
  suspended,
} from '../health-verdict.ts';
import { because, fewest, fields, wholeNumber } from '../read-fields.ts';
import { type ReplicaCounts, replicaWords } from '../replica-words.ts';
import { podsOfNewestTemplate, verdictOfPods } from '../verdict-of-pods.ts';

/** Complete when every wanted pod is of the newest template and available, and no other is left. */
export function deploymentHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  const own = ownVerdict(object);
  const updated = wholeNumber(fields(object['status'])['updatedReplicas']) ?? 0;
  // As long as no pod of the newest template exists, the newest pods at hand are of the one that is being replaced.
  if (updated === 0) return own;
  const pods = podsOfNewestTemplate(related.pods ?? [], 'pod-template-hash');
  return verdictOfPods(own, pods, { nowMs: related.nowMs, crashesCount: true });
}

function ownVerdict(object: KubernetesObject): HealthVerdict {
  if (fields(object['spec'])['paused'] === true) return suspended('Paused', 'its roll-out is paused');
  const counts = countsOf(object);
  return (
    notObserved(object) ??
    deadlineVerdict(object, counts) ??
    countsVerdict(object, counts) ??
    conditionsVerdict(object) ??
    healthy('Complete', `${counts.available} of ${counts.desired} available`)
  );
}

function countsOf(object: KubernetesObject): ReplicaCounts {
  const status = fields(object['status']);
  return {
    desired: wholeNumber(fields(object['spec'])['replicas']) ?? 1,
    updated: wholeNumber(status['updatedReplicas']) ?? 0,
    available: fewest(status, 'availableReplicas', 'readyReplicas'),
    total: wholeNumber(status['replicas']) ?? 0,
  };
}

function deadlineVerdict(object: KubernetesObject, counts: ReplicaCounts): HealthVerdict | undefined {
  const said = condition(object, 'Progressing');
  if (said?.reason !== 'ProgressDeadlineExceeded') return undefined;
  return degraded(said.reason, `made no progress within its deadline, ${replicaWords(counts)}`);
}

function countsVerdict(object: KubernetesObject, counts: ReplicaCounts): HealthVerdict | undefined {
  const reason = whatIsLacking(counts);
  if (!reason) return undefined;
  const failure = conditionIs(object, 'ReplicaFailure', 'True');
  return progressing(
    failure ? (failure.reason ?? 'ReplicaFailure') : reason,
    `${replicaWords(counts)}${because(failure?.message)}`,
  );
}

function whatIsLacking({ desired, updated, available, total }: ReplicaCounts): string | undefined {
  if (updated < desired) return 'ReplicasNotUpdated';
  if (total > updated) return 'OldReplicasRunning';
  if (available < updated) return 'ReplicasUnavailable';
  return total > desired ? 'SurplusReplicasRunning' : undefined;
}

// The numbers can be complete a moment before the conditions are.
function conditionsVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const said = conditionIs(object, 'Progressing', 'False') ?? conditionIs(object, 'Available', 'False');
  return (
    said &&
    progressing(said.reason ?? `Not${said.type}`, `is not ${said.type.toLowerCase()}${because(said.message)}`)
  );
}
