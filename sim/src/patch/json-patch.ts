// JSON patch, RFC 6902, with the refusals of the API server: a failed `test` or an absent path is 422, nonsense is 400.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, sameJson, stringOf } from '../json-value.ts';
import { badRequest, StatusError } from '../status-error.ts';

type Container = Json[] | JsonObject;

// The API server keeps to itself which operation failed; so does this one, or a test could lean on the difference.
const failed = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** The patched copy of a document; the document itself is left alone. */
export function jsonPatch(document: Json, operations: Json): Json {
  if (!Array.isArray(operations))
    throw badRequest('error decoding patch: a JSON patch is a list of operations');
  const holder: JsonObject = { document: structuredClone(document) };
  for (const operation of operations) {
    if (!isObject(operation)) throw badRequest('error decoding patch: an operation is an object');
    applyOperation(holder, operation);
  }
  return holder['document'] ?? null;
}

function applyOperation(holder: JsonObject, operation: JsonObject): void {
  const path = pointerOf(operation, 'path');
  const value = operation['value'] ?? null;
  switch (stringOf(operation['op']) ?? '') {
    case 'add':
      return addAt(holder, path, value);
    case 'remove':
      return void removeAt(holder, path);
    case 'replace':
      removeAt(holder, path);
      return addAt(holder, path, value);
    case 'test':
      return testAt(holder, path, value);
    case 'move':
      return addAt(holder, path, removeAt(holder, pointerOf(operation, 'from')));
    case 'copy':
      return addAt(holder, path, structuredClone(readAt(holder, pointerOf(operation, 'from'))));
    default:
      throw badRequest(`error decoding patch: unknown operation ${JSON.stringify(operation['op'])}`);
  }
}

function pointerOf(operation: JsonObject, field: 'path' | 'from'): string[] {
  const pointer = operation[field];
  if (typeof pointer !== 'string') throw badRequest(`error decoding patch: ${field} is missing`);
  const names = pointer.split('/').slice(1);
  return ['document', ...names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function containerAt(holder: JsonObject, path: readonly string[]): Container {
  let current: Json = holder;
  for (const name of path.slice(0, -1)) current = childOf(current, name);
  if (Array.isArray(current) || isObject(current)) return current;
  throw failed();
}

function childOf(parent: Json, name: string): Json {
  const child = Array.isArray(parent) ? parent[Number(name)] : isObject(parent) ? parent[name] : undefined;
  if (child === undefined) throw failed();
  return child;
}

const readAt = (holder: JsonObject, path: readonly string[]): Json =>
  childOf(containerAt(holder, path), path.at(-1) ?? '');

function addAt(holder: JsonObject, path: readonly string[], value: Json): void {
  const container = containerAt(holder, path);
  const name = path.at(-1) ?? '';
  if (!Array.isArray(container)) container[name] = value;
  else {
    const index = name === '-' ? container.length : Number(name);
    if (!(index >= 0 && index <= container.length)) throw failed();
    container.splice(index, 0, value);
  }
}

function removeAt(holder: JsonObject, path: readonly string[]): Json {
  const container = containerAt(holder, path);
  const value = readAt(holder, path);
  const name = path.at(-1) ?? '';
  if (Array.isArray(container)) container.splice(Number(name), 1);
  else delete container[name];
  return value;
}

function testAt(holder: JsonObject, path: readonly string[], value: Json): void {
  if (!sameJson(readAt(holder, path), value)) {
    throw failed();
  }
}
