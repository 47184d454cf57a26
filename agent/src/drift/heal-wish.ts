// What a person asked to heal once: everything of an instance, or what a filter names. Pure.
import type { DriftType } from '@fairlead/protocol/drift';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { isBelow, parsePath } from './field-path.ts';
import type { WrittenField } from './ignore-rules.ts';

/** Every given member must match; none: everything that Git sets. */
export interface HealWish {
  readonly objectKind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly manager?: string;
  /** Without it additions are removed only where a path names one. */
  readonly type?: readonly DriftType[];
}

/** Whether the wish may speak of fields of this object. */
export function wishesFor(wish: HealWish, ref: ObjectRef): boolean {
  return (
    matches(wish.objectKind, ref.kind) &&
    matches(wish.namespace, ref.namespace) &&
    matches(wish.name, ref.name)
  );
}

/** Whether the wish is for this field of an object that it speaks of. */
export function wishesField(wish: HealWish, field: WrittenField & { readonly type: DriftType }): boolean {
  const pattern = wish.path === undefined ? [] : parsePath(wish.path);
  const isOfType = wish.type?.includes(field.type) ?? (field.type !== 'EXTRA' || wish.path !== undefined);
  return (
    isOfType && matches(wish.manager, field.manager) && pattern !== undefined && isBelow(field.steps, pattern)
  );
}

/** Whether it leaves fields of an object alone that it speaks of. */
export function isForSomeFields({ path, manager, type }: HealWish): boolean {
  return path !== undefined || manager !== undefined || type !== undefined;
}

/** The wishes in an instruction's payload, one or a list; `undefined` where it says something that is not understood. */
export function healWishes(payload: unknown): readonly HealWish[] | undefined {
  const listed = typeof payload === 'object' && payload !== null && 'wishes' in payload;
  const given: readonly unknown[] = listed && Array.isArray(payload.wishes) ? payload.wishes : [payload];
  const wishes = given.map(healWish);
  return wishes.every((wish) => wish !== undefined) ? wishes : undefined;
}

function healWish(payload: unknown): HealWish | undefined {
  if (payload === null || payload === undefined) return {};
  if (typeof payload !== 'object' || Array.isArray(payload)) return undefined;
  const given = Object.entries(payload).filter(([, value]) => value !== null && value !== undefined);
  return given.every(([key, value]) => isMember(key, value))
    ? (Object.fromEntries(given) as HealWish)
    : undefined;
}

const TEXTS = new Set(['objectKind', 'namespace', 'name', 'path', 'manager']);
const TYPES = new Set(['MODIFIED', 'MISSING', 'EXTRA']);

function isMember(key: string, value: unknown): boolean {
  if (key === 'type') return Array.isArray(value) && value.every((type) => TYPES.has(String(type)));
  return TEXTS.has(key) && typeof value === 'string';
}

function matches(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}
