// The table from kind to what the API server fills in. Kinds that are not here are stored as they come.
import { Buffer } from 'node:buffer';
import type { JsonObject } from '../json-value.ts';
import { isObject, objectAt, objectOf, objectsOf, stringOf } from '../json-value.ts';
import { fillNetworkPolicy, fillServiceSpec } from './network-defaults.ts';
import { fillAutoscaler, fillDefinition, fillPersistentVolume, fillWebhooks } from './platform-defaults.ts';
import { canonicalQuantities, fill, fillPodSpec } from './pod-defaults.ts';
import {
  fillClaim,
  fillCronJob,
  fillDaemonSet,
  fillDeployment,
  fillJob,
  fillReplicaSet,
  fillStatefulSet,
} from './workload-defaults.ts';

type Fill = (draft: JsonObject) => void;

const FILLS: Readonly<Record<string, Fill>> = {
  Deployment: fillDeployment,
  ReplicaSet: fillReplicaSet,
  StatefulSet: fillStatefulSet,
  DaemonSet: fillDaemonSet,
  Job: fillJob,
  CronJob: fillCronJob,
  PersistentVolumeClaim: fillClaim,
  PersistentVolume: fillPersistentVolume,
  Pod: fillPod,
  Service: fillServiceSpec,
  NetworkPolicy: fillNetworkPolicy,
  Secret: fillSecret,
  Namespace: fillNamespace,
  CustomResourceDefinition: fillDefinition,
  RoleBinding: fillBinding,
  ClusterRoleBinding: fillBinding,
  HorizontalPodAutoscaler: fillAutoscaler,
  ValidatingWebhookConfiguration: (draft) => fillWebhooks(draft, false),
  MutatingWebhookConfiguration: (draft) => fillWebhooks(draft, true),
  PriorityClass: (draft) => fill(draft, { preemptionPolicy: 'PreemptLowerPriority' }),
  StorageClass: (draft) => fill(draft, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  ResourceQuota: (draft) => canonicalQuantities(objectOf(draft['spec'])['hard']),
};

/** Completes a draft in place, as its kind wants. */
export function fillDefaults(kind: string, draft: JsonObject): void {
  dropNulls(draft);
  FILLS[kind]?.(draft);
}

// A null is how a client says "absent"; the server stores no nulls.
function dropNulls(value: JsonObject): void {
  for (const [name, child] of Object.entries(value)) {
    if (child === null) delete value[name];
    else if (isObject(child)) dropNulls(child);
    else for (const entry of objectsOf(child)) dropNulls(entry);
  }
}

function fillPod(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fillPodSpec(spec);
  fill(spec, { enableServiceLinks: true });
}

/** stringData is for writing only: the server keeps what it says under data. */
function fillSecret(draft: JsonObject): void {
  fill(draft, { type: 'Opaque' });
  for (const [key, text] of Object.entries(objectOf(draft['stringData']))) {
    objectAt(draft, 'data')[key] = Buffer.from(stringOf(text) ?? '').toString('base64');
  }
  delete draft['stringData'];
}

function fillNamespace(draft: JsonObject): void {
  const metadata = objectAt(draft, 'metadata');
  objectAt(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata['name'] ?? '';
}

function fillBinding(draft: JsonObject): void {
  fill(objectAt(draft, 'roleRef'), { apiGroup: 'rbac.authorization.k8s.io' });
  for (const subject of objectsOf(draft['subjects'])) {
    if (subject['kind'] !== 'ServiceAccount') fill(subject, { apiGroup: 'rbac.authorization.k8s.io' });
  }
}
