// An object as its fields: path → JSON text, in the way in which drift names fields. Pure.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { isSecret, MASK } from '@fairlead/protocol/masking';

/** `spec.template.spec.containers[name=web].image` → `"nginx"`. Empty lists and objects are values. */
export type ObjectFields = ReadonlyMap<string, string>;

/** Every value that is no object and no list; what is the object's name is left out. */
export function fieldsOf({ apiVersion: _a, kind: _k, ...rest }: KubernetesObject): ObjectFields {
  const fields = new Map<string, string>();
  collect(rest as Json, '', fields);
  for (const path of ['metadata.name', 'metadata.namespace']) fields.delete(path);
  return fields;
}

/** What is shown instead of a field's value where that is secret; else the value. */
export function shownValue(
  object: { readonly apiVersion: string; readonly kind: string },
  path: string,
  value: string | null,
): string | null {
  const isHidden = isSecret(object) && !path.startsWith('metadata.') && path !== 'type';
  return value !== null && isHidden ? JSON.stringify(MASK) : value;
}

function collect(value: Json, path: string, fields: Map<string, string>): void {
  const children = childrenOf(value, path);
  if (children.length === 0) fields.set(path, JSON.stringify(value));
  for (const [childPath, child] of children) collect(child, childPath, fields);
}

function childrenOf(value: Json, path: string): (readonly [string, Json])[] {
  if (value === null || typeof value !== 'object') return [];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, child]) =>
      child === undefined ? [] : [[memberPath(path, name), child] as const],
    );
  }
  const names = itemNames(value);
  return value.map((item, index) => [`${path}[${names ? `name=${names[index]}` : index}]`, item] as const);
}

/** Items that all have names of their own go by those, whatever their order. */
function itemNames(items: readonly Json[]): readonly string[] | undefined {
  const names = items.map((item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item) ? item['name'] : undefined,
  );
  const texts = names.filter((name) => typeof name === 'string');
  return texts.length === items.length && new Set(texts).size === items.length ? texts : undefined;
}

function memberPath(parent: string, name: string): string {
  if (/[.[\]"/=]/.test(name)) return `${parent}["${name}"]`;
  return parent === '' ? name : `${parent}.${name}`;
}
