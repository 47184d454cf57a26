// The Job controller: pods until enough of them have succeeded.
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { numberOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating } from '../kube-object.ts';
import { withoutZeros, writeStatus } from './controller-writes.ts';
import { createPod, isReady, phaseOf, PODS } from './pods.ts';

const isFinished = (job: KubeObject): boolean =>
  objectsOf(valueAt(job, 'status', 'conditions')).some((entry) => entry['type'] === 'Complete');

export function reconcileJob(state: ClusterState, job: KubeObject): void {
  if (isTerminating(job) || isFinished(job)) return;
  const isSuspended = valueAt(job, 'spec', 'suspend') === true;
  const pods = state.owners.ownedObjects(job.metadata.uid, PODS);
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length;
  const active = pods.length - succeeded;
  const wanted = numberOf(valueAt(job, 'spec', 'completions'), 1);
  const parallel = numberOf(valueAt(job, 'spec', 'parallelism'), 1);
  const missing = isSuspended ? 0 : Math.min(parallel, wanted - succeeded) - active;
  for (let count = 0; count < missing; count++)
    createPod(state, job, { generateName: `${job.metadata.name}-` });
  const now = timestampOf(state.now());
  const ready = pods.filter(isReady).length;
  writeStatus(state, job, {
    ...(isSuspended
      ? { conditions: [told('Suspended', 'JobSuspended', 'Job suspended', now)] }
      : { startTime: startOf(job, now) }),
    ...withoutZeros({ active: active + Math.max(0, missing), succeeded }),
    ready,
    terminating: 0,
    uncountedTerminatedPods: {},
    ...(succeeded >= wanted && completion(now)),
  });
}

const startOf = (job: KubeObject, now: string): string =>
  stringOf(valueAt(job, 'status', 'startTime')) ?? now;

const completion = (now: string): JsonObject => {
  const message = 'Reached expected number of succeeded pods';
  return {
    completionTime: now,
    conditions: [
      told('SuccessCriteriaMet', 'CompletionsReached', message, now),
      told('Complete', 'CompletionsReached', message, now),
    ],
  };
};

const told = (type: string, reason: string, message: string, now: string): JsonObject => ({
  type,
  status: 'True',
  lastProbeTime: now,
  lastTransitionTime: now,
  reason,
  message,
});
