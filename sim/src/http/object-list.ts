// Lists: selectors, pages that all show the same moment, and the version to watch from.
import { Buffer } from 'node:buffer';
import type { ClusterState } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { labelsOf } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf, storageKeyOf } from '../resources/resource-type.ts';
import { parseFieldSelector } from '../store/field-selector.ts';
import type { ObjectTest } from '../store/field-selector.ts';
import { parseLabelSelector } from '../store/label-selector.ts';
import { keyOf } from '../store/object-store.ts';
import { badRequest, StatusError } from '../status-error.ts';

export interface Page {
  readonly objects: KubeObject[];
  readonly metadata: JsonObject;
}

/** The test that both selectors of a query make. */
export function selectorOf(query: URLSearchParams): ObjectTest {
  const byLabels = parseLabelSelector(query.get('labelSelector') ?? '');
  const byFields = parseFieldSelector(query.get('fieldSelector') ?? '');
  return (object) => byLabels(labelsOf(object)) && byFields(object);
}

interface Position {
  readonly version: number;
  readonly after: string;
}

/** Throws 410 when a continued list, or the exact version asked for, is no longer remembered. */
export function pageOf(
  state: ClusterState,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): Page {
  const position = readPosition(query.get('continue')) ?? exactVersion(query);
  refuseFuture(state, query);
  const version = position?.version ?? state.store.version;
  const kind = storageKeyOf(type);
  const all = position ? state.store.listAt(kind, namespace, version) : state.store.list(kind, namespace);
  const selected = all
    .filter(selectorOf(query))
    .filter((object) => !position || keyOf(object) > position.after);
  return cut(selected, version, query);
}

function cut(selected: KubeObject[], version: number, query: URLSearchParams): Page {
  const limit = Number(query.get('limit') ?? 0);
  const metadata: JsonObject = { resourceVersion: String(version) };
  if (limit <= 0 || selected.length <= limit) return { objects: selected, metadata };
  const objects = selected.slice(0, limit);
  const last = objects.at(-1);
  if (last) metadata['continue'] = writePosition({ version, after: keyOf(last) });
  // Counting what a selector leaves would cost the real server a full scan, so it does not tell; nor does this one.
  if (!query.get('labelSelector') && !query.get('fieldSelector')) {
    metadata['remainingItemCount'] = selected.length - limit;
  }
  return { objects, metadata };
}

function exactVersion(query: URLSearchParams): Position | undefined {
  if (query.get('resourceVersionMatch') !== 'Exact') return undefined;
  return { version: Number(query.get('resourceVersion')), after: '' };
}

function refuseFuture(state: ClusterState, query: URLSearchParams): void {
  const wanted = Number(query.get('resourceVersion') ?? 0);
  if (wanted <= state.store.version) return;
  const message = `Too large resource version: ${wanted}, current: ${state.store.version}`;
  throw new StatusError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

const writePosition = (position: Position): string =>
  Buffer.from(JSON.stringify({ rv: position.version, start: position.after })).toString('base64url');

function readPosition(token: string | null): Position | undefined {
  if (token === null || token === '') return undefined;
  const invalidToken = badRequest('continue key is not valid');
  try {
    const value: Json = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!isObject(value) || typeof value['rv'] !== 'number' || typeof value['start'] !== 'string')
      throw invalidToken;
    return { version: value['rv'], after: value['start'] };
  } catch {
    throw invalidToken;
  }
}

/** The list document; its items do not repeat the kind, as the real server's do not. */
export function listDocument(type: ResourceType, { objects, metadata }: Page): JsonObject {
  const items = type.custom ? objects : objects.map(({ kind: _kind, apiVersion: _version, ...rest }) => rest);
  return { kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata, items };
}
