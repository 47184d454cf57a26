// The two halves of server-side apply on values: lay a configuration over the live object, and take away what the
// manager applied before, no longer applies, and nobody else owns.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';
import type { FieldSet } from './field-set.ts';
import { NO_FIELDS } from './field-set.ts';
import type { Shape } from './shape.ts';
import { elementOf, UNKNOWN } from './shape.ts';

/** The live value with the configuration laid over it; the configuration wins where both have a leaf. */
export function mergeApplied(live: Json | undefined, config: Json, shape: Shape): Json {
  if (shape.type === 'atomic' || live === undefined) return config;
  if (isObject(live) && isObject(config)) return mergeFields(live, config, shape);
  if (!Array.isArray(live) || !Array.isArray(config) || shape.type === 'fields') return config;
  return mergeEntries(live, config, shape) ?? config;
}

function mergeFields(live: JsonObject, config: JsonObject, shape: Shape): JsonObject {
  const merged = { ...live };
  for (const [name, value] of Object.entries(config)) {
    const child = shape.type === 'fields' ? shape.fields[name] : undefined;
    merged[name] = mergeApplied(live[name], value, child ?? UNKNOWN);
  }
  return merged;
}

/** Entries keep the configuration's order; entries that only the live list has stay where they were among them. */
function mergeEntries(live: readonly Json[], config: readonly Json[], shape: Shape): Json[] | undefined {
  const liveKeys = live.map((entry) => elementOf(entry, shape));
  const configKeys = config.map((entry) => elementOf(entry, shape));
  if ([...liveKeys, ...configKeys].includes(undefined)) return undefined;
  const item = shape.type === 'keyed' ? shape.item : shape;
  const applied = new Set(configKeys);
  const merged: Json[] = [];
  let next = 0;
  for (const [index, entry] of live.entries()) {
    if (!applied.has(liveKeys[index])) merged.push(entry);
    else {
      const until = configKeys.indexOf(liveKeys[index]);
      for (; next <= until; next++) merged.push(mergedEntry(next));
    }
  }
  for (; next < config.length; next++) merged.push(mergedEntry(next));
  return merged;

  function mergedEntry(index: number): Json {
    const entry = config[index] ?? null;
    const before = liveKeys.indexOf(configKeys[index]);
    return shape.type === 'keyed' && before >= 0 ? mergeApplied(live[before], entry, item) : entry;
  }
}

/**
 * The value without the fields of `last` that no set in `kept` names any more. A structure or an entry goes as a
 * whole, with what defaults put into it, unless somebody still owns something inside.
 */
export function removeDropped(value: Json, last: FieldSet, kept: FieldSet, shape: Shape): Json {
  if (Array.isArray(value)) return removeEntries(value, last, kept, shape);
  if (!isObject(value) || shape.type !== 'fields') return value;
  const left: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    const owned = last.children.get(`f:${name}`);
    const keep = kept.children.get(`f:${name}`);
    if (owned && !keep) continue;
    const childShape = shape.fields[name] ?? UNKNOWN;
    left[name] = owned ? removeDropped(child, owned, keep ?? NO_FIELDS, childShape) : child;
  }
  return left;
}

function removeEntries(value: readonly Json[], last: FieldSet, kept: FieldSet, shape: Shape): Json[] {
  const left: Json[] = [];
  for (const entry of value) {
    const element = elementOf(entry, shape) ?? '';
    const owned = last.children.get(element);
    const keep = kept.children.get(element);
    if (owned?.member && !keep) continue;
    left.push(owned && shape.type === 'keyed' ? keepKeys(entry, owned, keep ?? NO_FIELDS, shape) : entry);
  }
  return left;
}

function keepKeys(entry: Json, owned: FieldSet, kept: FieldSet, shape: Shape): Json {
  if (shape.type !== 'keyed' || !isObject(entry)) return entry;
  const left = removeDropped(entry, owned, kept, shape.item);
  if (!isObject(left)) return left;
  for (const key of shape.keys) {
    const value = entry[key];
    if (value !== undefined) left[key] = value;
  }
  return left;
}
