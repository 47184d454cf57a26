// SparkApplication: the state of the application, and while it runs as many executors as it was promised.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { type Fields, because, fields, text, wholeNumber } from '../read-fields.ts';

const FAILED = new Set(['FAILED', 'FAILING', 'SUBMISSION_FAILED']);

/** A running application counts as healthy: many of them stream and never end. */
export function sparkApplicationHealth(object: KubernetesObject): HealthVerdict {
  const status = fields(object['status']);
  const application = fields(status['applicationState']);
  const state = text(application['state']);
  if (state === undefined) return progressing('NotSubmitted', 'has not been submitted yet');
  if (state === 'COMPLETED') return healthy('Completed', 'has completed');
  if (FAILED.has(state))
    return degraded('ApplicationFailed', `has failed${because(application['errorMessage'])}`);
  if (state !== 'RUNNING') return progressing('NotRunning', `is in state ${state}`);
  const running = Object.values(fields(status['executorState'])).filter((one) => one === 'RUNNING').length;
  const wanted = executorsWanted(fields(object['spec']));
  const words = `${running} executors running, ${wanted} wanted`;
  return running >= wanted ? healthy('Running', words) : progressing('ExecutorsNotRunning', words);
}

/** With dynamic allocation, in whichever of its three places it is set, the least number that is kept. */
function executorsWanted(spec: Fields): number {
  const allocation = fields(spec['dynamicAllocation']);
  if (allocation['enabled'] === true) return wholeNumber(allocation['minExecutors']) ?? 0;
  const settings = fields(spec['sparkConf']);
  for (const prefix of ['spark.dynamicAllocation', 'spark.streaming.dynamicAllocation']) {
    if (String(settings[`${prefix}.enabled`]) === 'true')
      return Number(settings[`${prefix}.minExecutors`] ?? 0) || 0;
  }
  return wholeNumber(fields(spec['executor'])['instances']) ?? 0;
}
