// What the API server fills into Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs and CronJobs.
import type { JsonObject } from '../json-value.ts';
import { isObject, objectAt, objectsOf } from '../json-value.ts';
import { canonicalQuantities, fill, fillPodSpec } from './pod-defaults.ts';

const fillTemplate = (spec: JsonObject): void => {
  const template = objectAt(spec, 'template');
  delete objectAt(template, 'metadata')['creationTimestamp'];
  fillPodSpec(objectAt(template, 'spec'));
};

/** Completes the parameters of a rolling update, unless another strategy is chosen. */
function fillStrategy(spec: JsonObject, field: string, rollingUpdate: JsonObject): void {
  const strategy = objectAt(spec, field);
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') fill(objectAt(strategy, 'rollingUpdate'), rollingUpdate);
}

export function fillDeployment(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillTemplate(spec);
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  fillStrategy(spec, 'strategy', { maxUnavailable: '25%', maxSurge: '25%' });
}

export function fillReplicaSet(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillTemplate(spec);
  fill(spec, { replicas: 1 });
}

export function fillStatefulSet(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillTemplate(spec);
  fill(spec, {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    serviceName: '',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
  fillStrategy(spec, 'updateStrategy', { partition: 0 });
  for (const claim of objectsOf(spec['volumeClaimTemplates'])) {
    delete objectAt(claim, 'metadata')['creationTimestamp'];
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
    fillClaim(claim);
  }
}

export function fillDaemonSet(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillTemplate(spec);
  fill(spec, { revisionHistoryLimit: 10 });
  fill(objectAt(draft, 'metadata', 'annotations'), { 'deprecated.daemonset.template.generation': '1' });
  fillStrategy(spec, 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 });
}

export function fillJob(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillJobSpec(spec);
  fill(spec, { suspend: false, manualSelector: false });
}

function fillJobSpec(spec: JsonObject): void {
  fillTemplate(spec);
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) fill(spec, { completions: 1 });
  fill(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    podReplacementPolicy: 'TerminatingOrFailed',
  });
}

export function fillCronJob(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fill(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const template = objectAt(spec, 'jobTemplate');
  delete objectAt(template, 'metadata')['creationTimestamp'];
  fillTemplate(objectAt(template, 'spec'));
}

/** A claim of its own, or one of a StatefulSet's templates. */
export function fillClaim(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fill(spec, { volumeMode: 'Filesystem' });
  const resources = spec['resources'];
  if (isObject(resources)) for (const name of ['limits', 'requests']) canonicalQuantities(resources[name]);
}
