// Which fields differ between the live object and what our apply would make of it. Pure; tells paths, never values.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { memberPath } from './field-path.ts';

/** What the API server writes by itself at every change, or what is not the user's. */
const VOLATILE_METADATA = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'uid',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/**
 * Paths of the fields that an apply would change: `wanted` is the API server's answer to a dry run of it, so defaults
 * and normalisation are in both. `status` is never ours.
 */
export function differingPaths(live: KubernetesObject, wanted: KubernetesObject): readonly string[] {
  const paths: string[] = [];
  collect(comparable(live), comparable(wanted), '', paths);
  return paths;
}

function comparable(object: KubernetesObject): Json {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !VOLATILE_METADATA.has(key));
  return { ...rest, metadata: Object.fromEntries(kept) } as Json;
}

type Members = { [key: string]: Json | undefined };

function collect(a: Json | undefined, b: Json | undefined, path: string, paths: string[]): void {
  if (isMembers(a) && isMembers(b)) return collectMembers(a, b, path, paths);
  if (Array.isArray(a) && Array.isArray(b)) return collectItems(a, b, path, paths);
  if (a !== b) paths.push(path);
}

function collectMembers(a: Members, b: Members, path: string, paths: string[]): void {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    collect(a[key], b[key], memberPath(path, key), paths);
  }
}

function collectItems(a: Json[], b: Json[], path: string, paths: string[]): void {
  const [left, right] = [byName(a), byName(b)];
  if (left && right) {
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      collect(left.get(name), right.get(name), `${path}[name=${name}]`, paths);
    }
    return;
  }
  // Without names an item has no identity: a list of another length differs as one field.
  if (a.length !== b.length) paths.push(path);
  else a.forEach((item, index) => collect(item, b[index], `${path}[${index}]`, paths));
}

/** The items by their `name`, or nothing unless every item has one of its own. */
function byName(items: Json[]): Map<string, Json> | undefined {
  const named = new Map<string, Json>();
  for (const item of items) {
    if (!isMembers(item) || typeof item['name'] !== 'string') return undefined;
    named.set(item['name'], item);
  }
  return named.size === items.length ? named : undefined;
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
