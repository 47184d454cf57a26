// Fields that the API server lets nobody change once they are set, with the words of its refusal.
import type { Json, JsonObject } from '../json-value.ts';
import { objectOf, sameJson, valueAt } from '../json-value.ts';
import type { Cause } from '../status-error.ts';
import { wrong } from './object-rules.ts';

type Check = (before: JsonObject, after: JsonObject) => Cause[];

const IMMUTABLE = 'field is immutable';

const forbiddenChange = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** Refuses any change of the fields at these paths. */
const fixed =
  (...fields: string[]): Check =>
  (before, after) =>
    fields.flatMap((field) => {
      const path = field.split('.');
      const now: Json | undefined = valueAt(after, ...path);
      return sameJson(valueAt(before, ...path), now) ? [] : [wrong(field, now ?? null, IMMUTABLE)];
    });

/** A spec of which only the named fields may change. */
const fixedSpec =
  (why: string, ...free: string[]): Check =>
  (before, after) => {
    const rest = (object: JsonObject): JsonObject =>
      Object.fromEntries(Object.entries(objectOf(object['spec'])).filter(([name]) => !free.includes(name)));
    return sameJson(rest(before), rest(after)) ? [] : [forbiddenChange('spec', why)];
  };

const immutableContent: Check = (before, after) => {
  if (before['immutable'] !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const fields = ['data', 'binaryData'].filter((field) => !sameJson(before[field], after[field]));
  if (after['immutable'] !== true) fields.unshift('immutable');
  return fields.map((field) => forbiddenChange(field, why));
};

const clusterAddress: Check = (before, after) => {
  const was = valueAt(before, 'spec', 'clusterIP');
  const is = valueAt(after, 'spec', 'clusterIP');
  const isReleased = valueAt(after, 'spec', 'type') === 'ExternalName';
  if (was === undefined || isReleased || sameJson(was, is)) return [];
  return [wrong('spec.clusterIPs[0]', [is ?? ''], 'may not change once set')];
};

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  ConfigMap: [immutableContent],
  Secret: [immutableContent, fixed('type')],
  Service: [clusterAddress],
  Deployment: [fixed('spec.selector')],
  ReplicaSet: [fixed('spec.selector')],
  DaemonSet: [fixed('spec.selector')],
  StatefulSet: [
    fixedSpec(
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ),
  ],
  Job: [fixed('spec.selector', 'spec.completions', 'spec.template', 'spec.completionMode')],
  PersistentVolumeClaim: [
    fixedSpec(
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      'resources',
      'volumeAttributesClassName',
      'volumeName',
    ),
  ],
  RoleBinding: [fixed('roleRef')],
  ClusterRoleBinding: [fixed('roleRef')],
  StorageClass: [fixed('provisioner', 'parameters', 'reclaimPolicy')],
};

/** Every forbidden change between two versions of an object. */
export const forbiddenChanges = (kind: string, before: JsonObject, after: JsonObject): Cause[] =>
  (CHECKS[kind] ?? []).flatMap((check) => check(before, after));
