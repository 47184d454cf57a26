// An object as its fields: path → JSON text, in the way in which drift names fields; secret ones are marked. Pure.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { MASK } from '@fairlead/protocol/masking';
import { withoutSecrets } from '@fairlead/protocol/secret-values';

/** `spec.template.spec.containers[name=web].image` → `"nginx"`. Empty lists and objects are values. */
export type ObjectFields = ReadonlyMap<string, string>;

// A character that is nobody's: what begins with it is compared and never shown.
const HIDDEN = '\u{F0000}';

/** The text of a secret value of which not even that is known whether it equals another. */
export const UNTOLD = JSON.stringify(HIDDEN);

/**
 * Every value that is no object and no list; what is the object's name is left out. Secret ones are marked, for
 * `shownValue` to hide. `mask` tells the values of Secrets, wherever else they stand.
 */
export function fieldsOf(object: KubernetesObject, mask: (text: string) => string): ObjectFields {
  const open = withoutSecrets(object, hidden);
  const fields = new Map<string, string>();
  collect(open, '', fields);
  for (const path of ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']) fields.delete(path);
  for (const [path, text] of fields) {
    const value = JSON.parse(text) as Json;
    if (isHidden(text) || typeof value === 'object') continue;
    if (mask(String(value)) !== String(value)) fields.set(path, JSON.stringify(hidden(value)));
  }
  return fields;
}

/** What is shown of a field: its value, or the mask. */
export function shownValue(text: string | null): string | null {
  return text !== null && isHidden(text) ? JSON.stringify(MASK) : text;
}

function isHidden(text: string): boolean {
  return text.startsWith(`"${HIDDEN}`);
}

function hidden(value: Json): string {
  return `${HIDDEN}${JSON.stringify(value)}`;
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
