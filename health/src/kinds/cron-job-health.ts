// CronJob: judged by its last run, since a schedule that waits for its time is healthy.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, degraded, healthy } from '../health-verdict.ts';
import { fields, text } from '../read-fields.ts';

/**
 * Suspended, running and never yet successful are HEALTHY with the caveat in the message, as for Argo CD: whether a
 * run fails is known only when it is over, and a schedule must not hold an instance back.
 */
export function cronJobHealth(object: KubernetesObject): HealthVerdict {
  if (fields(object['spec'])['suspend'] === true)
    return healthy('CronJobSuspended', 'its schedule is suspended');
  const status = fields(object['status']);
  const scheduled = text(status['lastScheduleTime']);
  const succeeded = text(status['lastSuccessfulTime']);
  const isRunning = Array.isArray(status['active']) && status['active'].length > 0;
  if (!scheduled) return healthy('NotScheduledYet', 'has not run yet');
  if (isRunning) return healthy('CronJobRunning', 'is running; whether this run succeeds is not known yet');
  if (!succeeded) return healthy('NeverSucceeded', 'has not succeeded yet, and may never have');
  // Both are written by one controller in one form in UTC, so they compare as text.
  if (succeeded < scheduled) return degraded('LastRunFailed', 'its last run did not succeed');
  return healthy('LastRunSucceeded', 'its last run succeeded');
}
