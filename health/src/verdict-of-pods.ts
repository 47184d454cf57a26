// A workload's own status tells of a broken roll-out only when its progress deadline is over, ten minutes by default.
// Its pods tell at once.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { containerTrouble } from './container-trouble.ts';
import { type HealthVerdict, degraded } from './health-verdict.ts';
import { fields, text } from './read-fields.ts';
import { schedulingVerdict } from './scheduling-verdict.ts';

/** Whether a container that starts and dies counts: a Job has its own budget for that, other workloads have not. */
export interface PodJudgement {
  readonly nowMs: number | undefined;
  readonly crashesCount: boolean;
}

interface PodTrouble {
  readonly pod: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * The workload's verdict, or an earlier one where a pod that cannot run explains why it is not healthy. Names the
 * first such pod by name and counts the others. Pods that ended or are being deleted say nothing of the roll-out.
 */
export function verdictOfPods(
  workload: HealthVerdict,
  pods: readonly KubernetesObject[],
  judgement: PodJudgement,
): HealthVerdict {
  if (workload.health !== 'PROGRESSING' && workload.health !== 'DEGRADED') return workload;
  const living = pods.filter(isLiving);
  const troubles = living.flatMap((pod) => troubleOf(pod, judgement) ?? []);
  const [first, ...others] = troubles.sort((a, b) => (a.pod < b.pod ? -1 : 1));
  if (!first) return withRecheck(workload, living, judgement.nowMs);
  const also =
    others.length > 0 ? ` (${others.length} more pod${others.length > 1 ? 's' : ''} in trouble)` : '';
  return degraded(first.reason, `pod "${first.pod}": ${first.message}${also}; ${workload.message}`);
}

/**
 * The pods of the newest template, told by the label in which the controller puts the template's hash. Pods of an
 * older one may crash on while their repair rolls out, and must not hold that repair up.
 */
export function podsOfNewestTemplate(
  pods: readonly KubernetesObject[],
  hashLabel: string,
): readonly KubernetesObject[] {
  const newest = pods.reduce<KubernetesObject | undefined>(
    (best, pod) => (best && createdAt(best) >= createdAt(pod) ? best : pod),
    undefined,
  );
  const hash = newest && labelOf(newest, hashLabel);
  return hash === undefined ? pods : pods.filter((pod) => labelOf(pod, hashLabel) === hash);
}

function isLiving(pod: KubernetesObject): boolean {
  const phase = fields(pod['status'])['phase'];
  return !fields(pod.metadata)['deletionTimestamp'] && phase !== 'Failed' && phase !== 'Succeeded';
}

function troubleOf(pod: KubernetesObject, { nowMs, crashesCount }: PodJudgement): PodTrouble | undefined {
  const name = text(fields(pod.metadata)['name']) ?? 'unnamed';
  const trouble = containerTrouble(pod);
  if (trouble && (crashesCount || !trouble.crashes)) {
    return { pod: name, reason: trouble.reason, message: trouble.message };
  }
  const scheduling = schedulingVerdict(pod, nowMs);
  if (scheduling?.health !== 'DEGRADED') return undefined;
  return { pod: name, reason: scheduling.reason, message: scheduling.message };
}

function withRecheck(
  workload: HealthVerdict,
  pods: readonly KubernetesObject[],
  nowMs: number | undefined,
): HealthVerdict {
  const times = pods.flatMap((pod) => schedulingVerdict(pod, nowMs)?.recheckAtMs ?? []);
  return times.length > 0 ? { ...workload, recheckAtMs: Math.min(...times) } : workload;
}

function labelOf(pod: KubernetesObject, label: string): string | undefined {
  return text(fields(fields(pod.metadata)['labels'])[label]);
}

// API servers write all times in one form in UTC, so they compare as text.
function createdAt(pod: KubernetesObject): string {
  return text(fields(pod.metadata)['creationTimestamp']) ?? '';
}
