// Strategic merge patch, as kubectl's edit, set and client-side apply send it: lists with a merge key are merged by
// it, `$patch`, `$retainKeys` and `$deleteFromPrimitiveList` are obeyed, `$setElementOrder` only orders.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, listOf, sameJson } from '../json-value.ts';

/** Merge keys of the built-in kinds' lists; a list whose name is not here is replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  webhooks: ['name'],
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  conditions: ['type'],
  addresses: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey'],
};

const PRIMITIVE_LISTS: ReadonlySet<string> = new Set(['finalizers']);

/** The patched copy of a document. */
export function strategicMergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const result: JsonObject = isObject(target) ? { ...target } : {};
  retainKeys(result, patch['$retainKeys']);
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$deleteFromPrimitiveList/')) {
      const field = name.slice(name.indexOf('/') + 1);
      result[field] = listOf(result[field]).filter((entry) => !listOf(value).includes(entry));
    } else if (name.startsWith('$')) continue;
    else if (value === null || (isObject(value) && value['$patch'] === 'delete')) delete result[name];
    else result[name] = patchedField(name, result[name], value);
  }
  return result;
}

function patchedField(name: string, target: Json | undefined, value: Json): Json {
  if (isObject(value)) return strategicMergePatch(target, value);
  if (!Array.isArray(value)) return value;
  if (PRIMITIVE_LISTS.has(name)) return [...new Set([...listOf(target), ...value])];
  const key = MERGE_KEYS[name]?.find((candidate) =>
    value.some((entry) => isObject(entry) && candidate in entry),
  );
  return key === undefined ? value : mergeList(listOf(target), value, key);
}

function mergeList(target: readonly Json[], patch: readonly Json[], key: string): Json[] {
  if (patch.some((entry) => isObject(entry) && entry['$patch'] === 'replace')) {
    return patch.filter((entry) => isObject(entry) && !('$patch' in entry));
  }
  const result = [...target];
  for (const entry of patch) {
    if (!isObject(entry)) continue;
    const index = result.findIndex(
      (candidate) => isObject(candidate) && sameJson(candidate[key], entry[key]),
    );
    if (entry['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index < 0) result.push(withoutDirectives(entry));
    else result[index] = strategicMergePatch(result[index], entry);
  }
  return result;
}

function retainKeys(target: JsonObject, keys: Json | undefined): void {
  if (keys === undefined) return;
  for (const name of Object.keys(target)) if (!listOf(keys).includes(name)) delete target[name];
}

const withoutDirectives = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('$')));
