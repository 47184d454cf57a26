// Rollout (argoproj.io): its own phase where it writes one, else what the phase is made of.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { condition, conditionIs } from '../conditions.ts';
import {
  type HealthVerdict,
  type RelatedObjects,
  degraded,
  healthy,
  progressing,
  suspended,
  unknown,
} from '../health-verdict.ts';
import {
  type Fields,
  because,
  fewest,
  fields,
  fieldsList,
  quoted,
  text,
  wholeNumber,
} from '../read-fields.ts';
import { replicaWords } from '../replica-words.ts';
import { podsOfNewestTemplate, verdictOfPods } from '../verdict-of-pods.ts';

/** A paused step waits for a person: SUSPENDED, and no fault. Pods of the newest template tell of trouble at once. */
export function argoRolloutHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  const { nowMs } = related;
  const own = ownVerdict(object, nowMs);
  if (countsOf(object).updated === 0) return own;
  const pods = podsOfNewestTemplate(related.pods ?? [], 'rollouts-pod-template-hash');
  return verdictOfPods(own, pods, { nowMs, crashesCount: true });
}

function ownVerdict(object: KubernetesObject, nowMs: number | undefined): HealthVerdict {
  const invalid = conditionIs(object, 'InvalidSpec', 'True');
  if (invalid)
    return degraded(invalid.reason ?? 'InvalidSpec', `its spec is invalid${because(invalid.message)}`);
  return (
    notObserved(object) ?? restarting(object, nowMs) ?? phaseVerdict(object) ?? verdictWithoutPhase(object)
  );
}

/** It writes the generation that it saw as text; very old versions write a hash there, which cannot be compared. */
function notObserved(object: KubernetesObject): HealthVerdict | undefined {
  const generation = wholeNumber(fields(object.metadata)['generation']);
  const seen = text(fields(object['status'])['observedGeneration']);
  if (Object.keys(fields(object['status'])).length === 0) {
    return progressing('NotObserved', 'its controller has not looked at it yet');
  }
  if (generation === undefined || seen === undefined || !/^\d{1,15}$/.test(seen)) return undefined;
  if (Number(seen) === generation) return undefined;
  return progressing('NotObserved', `its controller has seen generation ${seen} and not yet ${generation}`);
}

function restarting(object: KubernetesObject, nowMs: number | undefined): HealthVerdict | undefined {
  const wantedMs = Date.parse(text(fields(object['spec'])['restartAt']) ?? '');
  if (Number.isNaN(wantedMs) || (nowMs !== undefined && wantedMs > nowMs)) return undefined;
  const doneMs = Date.parse(text(fields(object['status'])['restartedAt']) ?? '');
  return doneMs >= wantedMs ? undefined : progressing('Restarting', 'its pods are being restarted');
}

function phaseVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const status = fields(object['status']);
  const phase = text(status['phase']);
  const why = because(status['message']);
  switch (phase) {
    case undefined:
      return undefined;
    case 'Healthy':
      return healthy('Healthy', `is complete${why}`);
    case 'Progressing':
      return progressing('Progressing', `${wordsOfCounts(object)}${why}`);
    case 'Paused':
      return suspended('Paused', `is paused${why}`);
    case 'Degraded':
      return degraded(condition(object, 'Progressing')?.reason ?? 'Degraded', `is degraded${why}`);
    default:
      return unknown('UnknownPhase', `is in phase ${quoted(phase)}${why}`);
  }
}

const FAILED_PROGRESS = new Set(['ProgressDeadlineExceeded', 'RolloutAborted']);

function verdictWithoutPhase(object: KubernetesObject): HealthVerdict {
  return abortedVerdict(object) ?? pausedVerdict(object) ?? countsVerdict(object);
}

function abortedVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const said = condition(object, 'Progressing');
  const isAborted = fields(object['status'])['abort'] === true || FAILED_PROGRESS.has(said?.reason ?? '');
  return isAborted
    ? degraded(said?.reason ?? 'RolloutAborted', `was given up${because(said?.message)}`)
    : undefined;
}

function pausedVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const { pauseConditions } = fields(object['status']);
  const isPaused = fields(object['spec'])['paused'] === true || fieldsList(pauseConditions).length > 0;
  return isPaused ? suspended('Paused', 'is paused') : undefined;
}

function countsVerdict(object: KubernetesObject): HealthVerdict {
  const { desired, updated, available, total } = countsOf(object);
  if (updated < desired || total > updated || available < updated) {
    return progressing('ReplicasUnavailable', wordsOfCounts(object));
  }
  return isBetweenVersions(object, fields(object['status']))
    ? progressing('StepsRemaining', 'has steps before it is complete')
    : healthy('Complete', `${available} of ${desired} available`);
}

/** Complete means that the newest pods are the stable ones, or the ones that get the traffic. */
function isBetweenVersions(object: KubernetesObject, status: Fields): boolean {
  const newest = text(status['currentPodHash']);
  if (newest === undefined) return false;
  const isBlueGreen = fields(fields(object['spec'])['strategy'])['blueGreen'] !== undefined;
  const settled = isBlueGreen
    ? text(fields(status['blueGreen'])['activeSelector'])
    : (text(status['stableRS']) ?? text(fields(status['canary'])['stableRS']));
  return settled !== undefined && settled !== newest;
}

function wordsOfCounts(object: KubernetesObject): string {
  return replicaWords(countsOf(object));
}

function countsOf(object: KubernetesObject) {
  const status = fields(object['status']);
  return {
    desired: wholeNumber(fields(object['spec'])['replicas']) ?? 1,
    updated: wholeNumber(status['updatedReplicas']) ?? 0,
    available: fewest(status, 'availableReplicas', 'readyReplicas'),
    total: wholeNumber(status['replicas']) ?? 0,
  };
}
