// Create, replace and apply: the three ways in which an object comes to a new content.
import type { ManagedEntry } from '../apply/managed-fields.ts';
import { readManagedFields, recordUpdate } from '../apply/managed-fields.ts';
import { serverSideApply } from '../apply/server-side-apply.ts';
import type { ClusterState, ObjectName, WriteOptions } from '../cluster-state.ts';
import { findObject, getObject, nameOf } from '../cluster-state.ts';
import { fillDefaults } from '../defaults/object-defaults.ts';
import type { JsonObject } from '../json-value.ts';
import { isObject, listOf, objectsOf, stringOf } from '../json-value.ts';
import type { Draft, KubeObject } from '../kube-object.ts';
import { isDraft } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { hasSubresource } from '../resources/resource-type.ts';
import {
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  STALE_OBJECT,
  writeConflict,
} from '../status-error.ts';
import { admitToNamespace } from './namespace-admission.ts';
import { checkKind, placeOf, withKeptIdentity, withNewIdentity } from './object-identity.ts';
import { setManagedFields, storeChanged, storeNew, writerOf } from './store-object.ts';

export interface ObjectWrite {
  readonly type: ResourceType;
  readonly at: ObjectName;
  readonly body: Draft;
}

/** Throws 409 when the name is taken, 403 or 404 for the namespace, 422 for broken rules. */
export function createObject(state: ClusterState, write: ObjectWrite, options: WriteOptions): KubeObject {
  const { type, body } = write;
  checkKind(type, body);
  const at = placeOf(state, type, body, write.at);
  admitToNamespace(state, type, at.namespace, at.name);
  if (findObject(state, type, at)) throw alreadyExists(type, at.name);
  const draft = withNewIdentity(state, type, body, at);
  fillDefaults(type.kind, draft);
  const writer = writerOf(state, type, options, 'Update');
  setManagedFields(draft, recordUpdate([], { before: {}, after: draft, shape: type.shape }, writer));
  return storeNew(state, type, draft, options.dryRun);
}

/** Throws 404 when absent, 409 when the body's resourceVersion or uid is not the stored one, 422 for broken rules. */
export function replaceObject(state: ClusterState, write: ObjectWrite, options: WriteOptions): KubeObject {
  const { type, at, body } = write;
  checkKind(type, body);
  const previous = getObject(state, type, at);
  refuseStale(type, body, previous);
  const draft = withKeptIdentity(type, body, previous, options.subresource);
  fillDefaults(type.kind, draft);
  const change = { before: previous, after: draft, shape: type.shape };
  const writer = writerOf(state, type, options, 'Update');
  setManagedFields(draft, recordUpdate(entriesAfter(body, previous), change, writer));
  return storeChanged(state, type, { draft, previous }, options);
}

/** A client may rewrite the list; leaving it out keeps it, and one empty entry resets it. */
function entriesAfter(body: Draft, previous: KubeObject): ManagedEntry[] {
  const list = listOf(body.metadata['managedFields']);
  const [first] = objectsOf(list);
  const isReset = list.length === 1 && first !== undefined && Object.keys(first).length === 0;
  return isReset || list.length > 0 ? readManagedFields(body.metadata) : readManagedFields(previous.metadata);
}

function refuseStale(type: ResourceType, body: Draft, previous: KubeObject): void {
  const { resourceVersion, uid } = body.metadata;
  const { name } = nameOf(previous.metadata);
  if (typeof uid === 'string' && uid !== '' && uid !== previous.metadata.uid) {
    const found = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid}`;
    throw writeConflict(type, name, found);
  }
  const isStale = typeof resourceVersion === 'string' && resourceVersion !== '';
  if (isStale && resourceVersion !== previous.metadata.resourceVersion)
    throw writeConflict(type, name, STALE_OBJECT);
}

export interface ApplyOptions extends WriteOptions {
  readonly force: boolean;
}

export interface ApplyResult {
  readonly object: KubeObject;
  readonly isNew: boolean;
}

/** Server-side apply. Throws 409 with every conflicting field, and what create and replace throw. */
export function applyObject(state: ClusterState, write: ObjectWrite, options: ApplyOptions): ApplyResult {
  checkConfiguration(write, options);
  const { type, at, body } = write;
  const previous = findObject(state, type, at);
  if (!previous && options.subresource !== undefined) throw notFound(type, at.name);
  if (previous) refuseStale(type, body, previous);
  else admitToNamespace(state, type, at.namespace, at.name);
  const applied = serverSideApply({
    live: previous && withoutManagedFields(previous),
    config: configurationOf(type, body, options.subresource),
    entries: previous ? readManagedFields(previous.metadata) : [],
    shape: type.shape,
    writer: writerOf(state, type, options, 'Apply'),
    force: options.force,
  });
  const content = asDraft({ ...applied.object, apiVersion: body.apiVersion, kind: body.kind });
  const draft = previous
    ? withKeptIdentity(type, content, previous, options.subresource)
    : withNewIdentity(state, type, content, at);
  fillDefaults(type.kind, draft);
  setManagedFields(draft, applied.entries);
  if (!previous) return { object: storeNew(state, type, draft, options.dryRun), isNew: true };
  return { object: storeChanged(state, type, { draft, previous }, options), isNew: false };
}

function checkConfiguration({ type, at, body }: ObjectWrite, options: ApplyOptions): void {
  checkKind(type, body);
  if (options.manager === '') {
    const field = 'fieldManager';
    const cause = {
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field,
    };
    throw invalid({ group: 'meta.k8s.io', plural: 'patchoptions', kind: 'PatchOptions' }, '', [cause]);
  }
  if (body.metadata['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil');
  const { name, namespace } = body.metadata;
  if (name !== undefined && name !== at.name) {
    throw badRequest(
      `the name of the object (${stringOf(name) ?? ''}) does not match the name on the URL (${at.name})`,
    );
  }
  if (type.namespaced && namespace !== undefined && namespace !== at.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** What of a configuration counts: status only through its own subresource, and nothing else through that. */
function configurationOf(
  type: ResourceType,
  body: Draft,
  subresource: WriteOptions['subresource'],
): JsonObject {
  const config: JsonObject = structuredClone(body);
  if (subresource === 'status')
    return { metadata: {}, ...(isObject(config['status']) && { status: config['status'] }) };
  if (hasSubresource(type, 'status')) delete config['status'];
  return config;
}

function withoutManagedFields(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function asDraft(value: JsonObject): Draft {
  if (isDraft(value)) return value;
  throw badRequest('the object provided is unrecognized: apiVersion, kind and metadata are required');
}
