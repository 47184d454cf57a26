// How a value is put together for ownership: which lists are maps by key, which are sets, which values are one piece.
// What no table names is deduced as the API server does for untyped data: objects by field, lists in one piece.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';

export type Shape = { readonly type: 'atomic' } | { readonly type: 'set' } | KeyedShape | FieldsShape;

export interface KeyedShape {
  readonly type: 'keyed';
  readonly keys: readonly string[];
  readonly item: Shape;
  /** As for fields. */
  readonly always: boolean;
}

export interface FieldsShape {
  readonly type: 'fields';
  readonly fields: Readonly<Record<string, Shape>>;
  /** True for structures which the API server writes even when empty, so that nobody can be the one who added them. */
  readonly always: boolean;
}

export const ATOMIC: Shape = { type: 'atomic' };
export const SET: Shape = { type: 'set' };

export const keyed = (keys: string | readonly string[], item: Shape = fields({})): KeyedShape => ({
  type: 'keyed',
  keys: typeof keys === 'string' ? [keys] : keys,
  item,
  always: false,
});

export const fields = (shapes: Readonly<Record<string, Shape>>): FieldsShape => ({
  type: 'fields',
  fields: shapes,
  always: false,
});

export const always = (shapes: Readonly<Record<string, Shape>>): FieldsShape => ({
  type: 'fields',
  fields: shapes,
  always: true,
});

export const UNKNOWN: FieldsShape = fields({});

export interface Part {
  readonly value: Json;
  readonly shape: Shape;
}

/** The parts of a value by path element (see field-set.ts), or undefined for a value that is one piece. */
export function partsOf(value: Json, shape: Shape): Map<string, Part> | undefined {
  if (shape.type === 'atomic') return undefined;
  if (Array.isArray(value)) return listParts(value, shape);
  return isObject(value) && shape.type === 'fields' ? fieldParts(value, shape) : undefined;
}

function fieldParts(value: JsonObject, shape: FieldsShape): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const [name, child] of Object.entries(value)) {
    parts.set(`f:${name}`, { value: child, shape: shape.fields[name] ?? UNKNOWN });
  }
  return parts;
}

function listParts(value: readonly Json[], shape: Shape): Map<string, Part> | undefined {
  const parts = new Map<string, Part>();
  for (const entry of value) {
    const element = elementOf(entry, shape);
    if (element === undefined) return undefined;
    parts.set(element, { value: entry, shape: shape.type === 'keyed' ? shape.item : ATOMIC });
  }
  return shape.type === 'fields' ? undefined : parts;
}

/** Keys that the API server fills in before it looks at the key of a port. */
const KEY_DEFAULTS: Readonly<Record<string, Json>> = { protocol: 'TCP' };

/** The path element of a list's entry, or undefined where the list has no keys or the entry lacks one. */
export function elementOf(entry: Json, shape: Shape): string | undefined {
  if (shape.type === 'set') return `v:${JSON.stringify(entry)}`;
  if (shape.type !== 'keyed' || !isObject(entry)) return undefined;
  const key: JsonObject = {};
  for (const name of shape.keys) {
    const value = entry[name] ?? KEY_DEFAULTS[name];
    if (value === undefined) return undefined;
    key[name] = value;
  }
  return `k:${JSON.stringify(key)}`;
}

/** `.spec.containers[name="web"].image`: a path as refusals show it to people. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const key: unknown = JSON.parse(text);
  const pairs = isObject(key) ? Object.entries(key) : [];
  return `[${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
