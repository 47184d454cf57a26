// What the verbs do: from a request that names a kind to a status code and a document.
import type { ClusterState, WriteOptions } from '../cluster-state.ts';
import { getObject } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, objectOf, stringOf, valueAt } from '../json-value.ts';
import type { Draft, KubeObject } from '../kube-object.ts';
import { isDraft } from '../kube-object.ts';
import { apiVersionOf } from '../resources/resource-type.ts';
import { badRequest, methodNotAllowed, unsupportedBody } from '../status-error.ts';
import { patched, patchObject } from '../writes/patch-object.ts';
import type { RemoveOptions } from '../writes/remove-object.ts';
import { removalStatus, removeObject } from '../writes/remove-object.ts';
import { scaleOf, writeScale } from '../writes/scale-object.ts';
import { applyObject, createObject, replaceObject } from '../writes/write-object.ts';
import { listDocument, pageOf } from './object-list.ts';
import type { RequestTarget } from './request-target.ts';
import { objectNameOf } from './request-target.ts';

export interface ObjectRequest {
  readonly method: string;
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
  readonly mediaType: string;
  readonly userAgent: string;
  readonly body: Json | undefined;
}

export interface Answer {
  readonly code: number;
  readonly document: JsonObject;
}

const ok = (document: JsonObject): Answer => ({ code: 200, document });

const APPLY = 'application/apply-patch+yaml';

/** Runs one request; every refusal is thrown as a StatusError. */
export function answerObjectRequest(state: ClusterState, request: ObjectRequest): Answer {
  const { method, target } = request;
  if (target.name === undefined) return answerCollection(state, request);
  switch (method) {
    case 'GET':
      return ok(read(state, target));
    case 'PUT':
      return ok(replace(state, request));
    case 'PATCH':
      return request.mediaType === APPLY ? apply(state, request) : ok(patch(state, request));
    case 'DELETE':
      return ok(remove(state, request));
    default:
      throw methodNotAllowed();
  }
}

function answerCollection(state: ClusterState, request: ObjectRequest): Answer {
  const { method, target, query } = request;
  switch (method) {
    case 'GET':
      return ok(listDocument(target.type, pageOf(state, target.type, target.namespace, query)));
    case 'POST':
      return { code: 201, document: create(state, request) };
    case 'DELETE':
      return ok(removeAll(state, request));
    default:
      throw methodNotAllowed();
  }
}

function read(state: ClusterState, target: RequestTarget): JsonObject {
  const object = getObject(state, target.type, objectNameOf(target));
  return target.subresource === 'scale' ? scaleOf(object) : inVersion(object, target);
}

/** Stored objects carry the version that they were last written in; a reader sees the version that it asked for. */
const inVersion = (object: KubeObject, { type }: RequestTarget): JsonObject =>
  object.apiVersion === apiVersionOf(type) ? object : { ...object, apiVersion: apiVersionOf(type) };

function writeOptions({ query, target, userAgent }: ObjectRequest): WriteOptions {
  const dryRun = query.get('dryRun');
  if (dryRun !== null && dryRun !== 'All') throw badRequest(`dryRun takes only "All", not "${dryRun}"`);
  return {
    manager: query.get('fieldManager') ?? (userAgent.split('/')[0] || 'unknown'),
    ...(target.subresource && { subresource: target.subresource }),
    dryRun: dryRun === 'All',
  };
}

function draftFrom({ body, target }: ObjectRequest): Draft {
  const kind = { apiVersion: apiVersionOf(target.type), kind: target.type.kind };
  const value: Json = isObject(body) ? { ...kind, metadata: {}, ...body } : {};
  if (isDraft(value)) return value;
  throw badRequest('the body is not an object with apiVersion, kind and metadata');
}

function create(state: ClusterState, request: ObjectRequest): JsonObject {
  const { target } = request;
  const at = { namespace: target.namespace, name: '' };
  return createObject(state, { type: target.type, at, body: draftFrom(request) }, writeOptions(request));
}

function replace(state: ClusterState, request: ObjectRequest): JsonObject {
  const { target } = request;
  const at = objectNameOf(target);
  if (target.subresource === 'scale') {
    return writeScale(state, { type: target.type, at }, request.body ?? null, writeOptions(request));
  }
  const body = draftFrom(request);
  const name = body.metadata['name'];
  if (name !== at.name) {
    throw badRequest(
      `the name of the object (${stringOf(name) ?? ''}) does not match the name on the URL (${at.name})`,
    );
  }
  return replaceObject(state, { type: target.type, at, body }, writeOptions(request));
}

const PATCHES: ReadonlySet<string> = new Set([
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]);

function patch(state: ClusterState, request: ObjectRequest): JsonObject {
  const { target, mediaType, body } = request;
  if (!PATCHES.has(mediaType)) throw unsupportedBody();
  const at = objectNameOf(target);
  const change = { mediaType, content: body ?? null };
  if (target.subresource === 'scale') {
    const scale = patched(scaleOf(getObject(state, target.type, at)), change);
    return writeScale(state, { type: target.type, at }, scale, writeOptions(request));
  }
  return patchObject(state, { type: target.type, at }, change, writeOptions(request));
}

function apply(state: ClusterState, request: ObjectRequest): Answer {
  const { target, query } = request;
  const options = {
    ...writeOptions(request),
    manager: query.get('fieldManager') ?? '',
    force: query.get('force') === 'true',
  };
  const body = draftFrom(request);
  const { object, isNew } = applyObject(
    state,
    { type: target.type, at: objectNameOf(target), body },
    options,
  );
  return { code: isNew ? 201 : 200, document: object };
}

function removeOptions({ query, body }: ObjectRequest): RemoveOptions {
  const policy = query.get('propagationPolicy') ?? valueAt(body, 'propagationPolicy');
  const preconditions = objectOf(valueAt(body, 'preconditions'));
  const isDryRun = query.get('dryRun') === 'All' || JSON.stringify(valueAt(body, 'dryRun')) === '["All"]';
  return {
    dryRun: isDryRun,
    orphan: policy === 'Orphan',
    uid: stringOf(preconditions['uid']),
    resourceVersion: stringOf(preconditions['resourceVersion']),
  };
}

function remove(state: ClusterState, request: ObjectRequest): JsonObject {
  const { type } = request.target;
  const found = getObject(state, type, objectNameOf(request.target));
  const { object, isGone } = removeObject(state, type, found, removeOptions(request));
  return isGone && type.kind !== 'Pod' ? removalStatus(type, object) : object;
}

function removeAll(state: ClusterState, request: ObjectRequest): JsonObject {
  const { type, namespace } = request.target;
  const page = pageOf(state, type, namespace, request.query);
  for (const object of page.objects) removeObject(state, type, object, removeOptions(request));
  return listDocument(type, page);
}
