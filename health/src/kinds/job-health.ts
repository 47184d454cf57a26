// Job: until it has completed or failed it is on its way (kstatus calls a running one current; Argo CD does not).
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { conditionIs } from '../conditions.ts';
import {
  type HealthVerdict,
  type RelatedObjects,
  degraded,
  healthy,
  progressing,
  suspended,
} from '../health-verdict.ts';
import { because, fields, text, wholeNumber } from '../read-fields.ts';
import { verdictOfPods } from '../verdict-of-pods.ts';

/** Pods that crash do not count early: `backoffLimit` is the Job's own measure. Pods that cannot start do. */
export function jobHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  return verdictOfPods(ownVerdict(object), related.pods ?? [], { nowMs: related.nowMs, crashesCount: false });
}

function ownVerdict(object: KubernetesObject): HealthVerdict {
  const failed = conditionIs(object, 'Failed', 'True');
  if (failed) return degraded(failed.reason ?? 'JobFailed', `has failed${because(failed.message)}`);
  if (conditionIs(object, 'Complete', 'True')) return healthy('JobComplete', 'has completed');
  const isHalted = conditionIs(object, 'Suspended', 'True') ?? fields(object['spec'])['suspend'] === true;
  return isHalted ? suspended('JobSuspended', 'is suspended') : runningVerdict(object);
}

function runningVerdict(object: KubernetesObject): HealthVerdict {
  const status = fields(object['status']);
  if (!text(status['startTime'])) return progressing('JobNotStarted', 'has not started yet');
  const wanted = wholeNumber(fields(object['spec'])['completions']) ?? 1;
  const failures = wholeNumber(status['failed']) ?? 0;
  const words = [
    `${wholeNumber(status['succeeded']) ?? 0} of ${wanted} completed`,
    `${wholeNumber(status['active']) ?? 0} running`,
    ...(failures > 0 ? [`${failures} failed`] : []),
  ];
  return progressing('JobRunning', words.join(', '));
}
