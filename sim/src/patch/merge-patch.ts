// JSON merge patch, RFC 7386: null takes a field away, an object goes deeper, everything else replaces.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';

export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}
