// JSON as the API server sees it: values are read through guards, because a body may hold anything anywhere.
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** True for a JSON object, not for null and not for a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object itself, or an empty one when the value is anything else. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The list itself, or an empty one when the value is anything else. */
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** The objects among the entries of a list; whatever is not an object is left out. */
export const objectsOf = (value: Json | undefined): JsonObject[] => listOf(value).filter(isObject);

/** The string itself, or undefined. */
export const stringOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The number itself, or the fallback. */
export const numberOf = (value: Json | undefined, fallback: number): number =>
  typeof value === 'number' ? value : fallback;

/** The value at a path of field names, or undefined where the path leaves the document. */
export function valueAt(value: Json | undefined, ...path: string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (!isObject(current)) return undefined;
    current = current[name];
  }
  return current;
}

/** Parents are made on the way, so that a caller may set a deep field of a draft in one line. */
export function objectAt(draft: JsonObject, ...path: string[]): JsonObject {
  let current = draft;
  for (const name of path) {
    const next = current[name];
    if (isObject(next)) current = next;
    else current = current[name] = {};
  }
  return current;
}

/** Equality of meaning: the order of an object's fields does not count, the order of a list does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((entry, index) => sameJson(entry, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]));
}
