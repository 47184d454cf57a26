// Pod: its phase, what its containers wait for, and whether it is meant to end.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { conditionIs } from '../conditions.ts';
import { containerTrouble, ending } from '../container-trouble.ts';
import {
  type HealthVerdict,
  type RelatedObjects,
  degraded,
  healthy,
  progressing,
  unknown,
} from '../health-verdict.ts';
import { type Fields, because, fields, fieldsList, quoted, text, wholeNumber } from '../read-fields.ts';
import { schedulingVerdict } from '../scheduling-verdict.ts';

/** Argo CD's mark for a pod that ought to run on although its restart policy says that it ends. */
const IGNORE_RESTART_POLICY = 'argocd.argoproj.io/ignore-restart-policy';

/**
 * A pod that may end (restart policy Never or OnFailure) is PROGRESSING until it has; one that restarts for ever is
 * HEALTHY when ready. A failed pod is DEGRADED, as for Argo CD (kstatus calls it current).
 */
export function podHealth(pod: KubernetesObject, { nowMs }: RelatedObjects): HealthVerdict {
  const status = fields(pod['status']);
  const phase = text(status['phase']);
  if (phase === 'Succeeded') return healthy('PodCompleted', 'has run to its end');
  if (phase === 'Failed') return failedVerdict(status);
  const trouble = restartsForEver(pod) ? containerTrouble(pod) : undefined;
  if (trouble) return degraded(trouble.reason, trouble.message);
  if (phase === 'Pending') return schedulingVerdict(pod, nowMs) ?? pendingVerdict(status);
  if (phase === 'Running') return runningVerdict(pod, status);
  if (!phase) return progressing('NotObserved', 'has no phase yet');
  return unknown('UnknownPhase', `is in phase ${quoted(phase)}${because(status['message'])}`);
}

function restartsForEver(pod: KubernetesObject): boolean {
  const policy = text(fields(pod['spec'])['restartPolicy']) ?? 'Always';
  return policy === 'Always' || IGNORE_RESTART_POLICY in fields(fields(pod.metadata)['annotations']);
}

function failedVerdict(status: Fields): HealthVerdict {
  const reason = text(status['reason']) ?? 'PodFailed';
  const why = text(status['message']) ?? failedContainer(status);
  return degraded(reason, `has failed${because(why)}`);
}

function failedContainer(status: Fields): string | undefined {
  const containers = [
    ...fieldsList(status['initContainerStatuses']),
    ...fieldsList(status['containerStatuses']),
  ];
  for (const container of containers) {
    const terminated = fields(fields(container['state'])['terminated']);
    if ((wholeNumber(terminated['exitCode']) ?? 0) !== 0) {
      return `container "${text(container['name']) ?? 'unnamed'}" ended with ${ending(terminated)}`;
    }
  }
  return undefined;
}

function pendingVerdict(status: Fields): HealthVerdict {
  const waiting = fieldsList(status['containerStatuses']).flatMap((container) => {
    const { reason } = fields(fields(container['state'])['waiting']);
    return text(reason) ?? [];
  });
  const message = text(status['message']) ?? waiting.find((reason) => reason !== 'PodInitializing');
  return progressing('PodPending', `is not running yet${because(message)}`);
}

function runningVerdict(pod: KubernetesObject, status: Fields): HealthVerdict {
  if (!restartsForEver(pod)) return progressing('PodRunning', 'runs, and is meant to end');
  if (conditionIs(pod, 'Ready', 'True')) return healthy('PodReady', 'is ready');
  const ended = fieldsList(status['containerStatuses'])
    .map((container) => fields(fields(container['lastState'])['terminated']))
    .find((terminated) => wholeNumber(terminated['exitCode']) !== undefined);
  if (ended) return degraded('ContainerRestarted', `is not ready after a restart, last ${ending(ended)}`);
  return progressing(
    'PodNotReady',
    `runs but is not ready${because(conditionIs(pod, 'Ready', 'False')?.message)}`,
  );
}
