// What the server alone decides about an object: its name's ending, identity, age, generation; and what it keeps.
import { randomUUID } from 'node:crypto';
import type { ClusterState, ObjectName } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { sameJson, stringOf } from '../json-value.ts';
import type { Draft, KubeObject } from '../kube-object.ts';
import { isKubeObject } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf, hasSubresource } from '../resources/resource-type.ts';
import { badRequest, invalid } from '../status-error.ts';
import { required } from '../validation/object-rules.ts';

const WITH_GENERATION: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Ingress',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'CustomResourceDefinition',
  'IngressClass',
  'PriorityClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
]);

const countsGenerations = (type: ResourceType): boolean => type.custom || WITH_GENERATION.has(type.kind);

/** Throws 400 when a body is not of the kind that its address says. */
export function checkKind(type: ResourceType, body: Draft): void {
  const expected = apiVersionOf(type);
  if (body.apiVersion !== expected) {
    const why = `the API version in the data (${body.apiVersion}) does not match the expected API version (${expected})`;
    throw badRequest(why);
  }
  if (body.kind !== type.kind) {
    throw badRequest(`${body.kind} in version "${type.version}" cannot be handled as a ${type.kind}`);
  }
}

/** Where a new object goes; throws when it has no name, or contradicts the address that it was sent to. */
export function placeOf(state: ClusterState, type: ResourceType, body: Draft, at: ObjectName): ObjectName {
  const namespace = stringOf(body.metadata['namespace']);
  if (type.namespaced && namespace !== undefined && namespace !== at.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const stem = stringOf(body.metadata['generateName']);
  const ending = (): string => (0x100000 + ((state.nextNumber() * 7919) % 0xf00000)).toString(36).slice(-5);
  const name = stringOf(body.metadata['name']) ?? (stem === undefined ? at.name : stem + ending());
  if (name === '') throw invalid(type, '', [required('metadata.name')]);
  return { namespace: type.namespaced ? at.namespace : undefined, name };
}

/** A new object: the draft's content under an identity of its own. The resource version comes when it is stored. */
export function withNewIdentity(
  state: ClusterState,
  type: ResourceType,
  body: Draft,
  at: ObjectName,
): KubeObject {
  const { apiVersion, kind, metadata, ...content } = structuredClone(body);
  if (hasSubresource(type, 'status')) delete content['status'];
  for (const name of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields'])
    delete metadata[name];
  const identity = {
    name: at.name,
    ...(at.namespace !== undefined && { namespace: at.namespace }),
    uid: randomUUID(),
    resourceVersion: '',
    ...(countsGenerations(type) && { generation: 1 }),
    creationTimestamp: timestampOf(state.now()),
  };
  return checked({ kind, apiVersion, metadata: { ...metadata, ...identity }, ...content });
}

const KEPT = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'generation'] as const;
const KEPT_IF_SET = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generateName'] as const;

/** The candidate under the identity of the stored object, limited to what the written subresource covers. */
export function withKeptIdentity(
  type: ResourceType,
  candidate: Draft,
  previous: KubeObject,
  subresource: 'status' | 'scale' | undefined,
): KubeObject {
  const draft = subresource === 'status' ? statusOnly(type, candidate, previous) : structuredClone(candidate);
  for (const name of [...KEPT, ...KEPT_IF_SET]) {
    const kept = previous.metadata[name];
    if (kept === undefined) delete draft.metadata[name];
    else draft.metadata[name] = kept;
  }
  if (subresource !== 'status' && hasSubresource(type, 'status')) keepStatus(draft, previous);
  return checked({ ...draft, kind: previous.kind, apiVersion: candidate.apiVersion });
}

function keepStatus(draft: Draft, previous: KubeObject): void {
  if (previous['status'] === undefined) delete draft['status'];
  else draft['status'] = structuredClone(previous['status']);
}

/** Controllers of built-in kinds may annotate in the same write; custom kinds keep their metadata as it is. */
function statusOnly(type: ResourceType, candidate: Draft, previous: KubeObject): Draft {
  const draft: Draft = structuredClone(previous);
  if (candidate['status'] === undefined) delete draft['status'];
  else draft['status'] = structuredClone(candidate['status']);
  const annotations = candidate.metadata['annotations'];
  if (!type.custom && annotations !== undefined) draft.metadata['annotations'] = structuredClone(annotations);
  const managedFields = candidate.metadata['managedFields'];
  if (managedFields !== undefined) draft.metadata['managedFields'] = managedFields;
  return draft;
}

const contentOf = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(([name]) => !['metadata', 'status', 'apiVersion'].includes(name)),
  );

/** Counts the generation up when anything but metadata and status has changed. */
export function countGeneration(type: ResourceType, draft: KubeObject, previous: KubeObject): void {
  if (!countsGenerations(type) || sameJson(contentOf(draft), contentOf(previous))) return;
  draft.metadata['generation'] = Number(previous.metadata['generation'] ?? 0) + 1;
}

function checked(value: JsonObject): KubeObject {
  if (isKubeObject(value)) return value;
  throw badRequest('the object provided is unrecognized: apiVersion, kind and metadata are required');
}
