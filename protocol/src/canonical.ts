// The one text form of a bundle. Its SHA-256 is the bundle's name, so hub and agent must produce the same bytes.
import type { Json, KubernetesObject } from './kubernetes-object.ts';
import { resourceId } from './resource-id.ts';
import { refOf } from './kubernetes-object.ts';

/** JSON with object keys sorted by code unit and no white space; `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value as Json));
}

/** One object a line, sorted by resource id, so that the order in the source changes nothing. */
export function canonicalBundle(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object) => ({ id: resourceId(refOf(object)), text: canonicalJson(object) }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ text }) => text + '\n')
    .join('');
}

/** The objects of a canonical text; throws `SyntaxError` where a line is no JSON. */
export function parseBundle(text: string): KubernetesObject[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KubernetesObject);
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
