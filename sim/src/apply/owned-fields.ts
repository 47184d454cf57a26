// Which paths an applied configuration claims, and what differs between two objects: the two questions of ownership.
import type { Json } from '../json-value.ts';
import { sameJson } from '../json-value.ts';
import type { FieldSet } from './field-set.ts';
import { fieldSet, NO_FIELDS } from './field-set.ts';
import type { Part, Shape } from './shape.ts';
import { partsOf } from './shape.ts';

/** What an applied configuration claims: its leaves, its empty structures, and each entry of its keyed lists. */
export function claimedFields(value: Json, shape: Shape): FieldSet {
  return claimed({ value, shape }, false) ?? NO_FIELDS;
}

function claimed(part: Part, isEntry: boolean): FieldSet | undefined {
  const parts = partsOf(part.value, part.shape);
  if (!parts || parts.size === 0) return fieldSet(true, new Map());
  return fieldSet(
    isEntry,
    childrenOf(parts, (child, element) => claimed(child, !element.startsWith('f:'))),
  );
}

function childrenOf(
  parts: ReadonlyMap<string, Part>,
  visit: (part: Part, element: string) => FieldSet | undefined,
): Map<string, FieldSet> {
  const children = new Map<string, FieldSet>();
  for (const [element, part] of parts) {
    const child = visit(part, element);
    if (child) children.set(element, child);
  }
  return children;
}

/** A whole branch: unlike a claim, also its structures count, save those that are always there. */
function branch(part: Part): FieldSet | undefined {
  const parts = partsOf(part.value, part.shape);
  if (!parts) return fieldSet(true, new Map());
  const isAlways = 'always' in part.shape && part.shape.always;
  return fieldSet(!isAlways, childrenOf(parts, branch));
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Paths that differ between two versions of an object. */
export function compareObjects(before: Json, after: Json, shape: Shape): Comparison {
  const parts = { before: { value: before, shape }, after: { value: after, shape } };
  const pick = (kind: keyof Comparison): FieldSet => differing(parts.before, parts.after, kind) ?? NO_FIELDS;
  return { added: pick('added'), modified: pick('modified'), removed: pick('removed') };
}

function differing(before: Part, after: Part, kind: keyof Comparison): FieldSet | undefined {
  if (before.value === after.value) return undefined;
  const old = partsOf(before.value, before.shape);
  const now = partsOf(after.value, after.shape);
  if (!old || !now) {
    const isChanged = !sameJson(before.value, after.value);
    return isChanged && kind === 'modified' ? fieldSet(true, new Map()) : undefined;
  }
  const children = new Map<string, FieldSet>();
  for (const element of new Set([...old.keys(), ...now.keys()])) {
    const child = differingChild(old.get(element), now.get(element), kind);
    if (child) children.set(element, child);
  }
  return fieldSet(false, children);
}

function differingChild(
  before: Part | undefined,
  after: Part | undefined,
  kind: keyof Comparison,
): FieldSet | undefined {
  if (before && after) return differing(before, after, kind);
  if (after) return kind === 'added' ? branch(after) : undefined;
  return before && kind === 'removed' ? branch(before) : undefined;
}
