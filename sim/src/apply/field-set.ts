// A set of field paths as a tree, the form in which managedFields keeps who owns what. Sets are values: operations
// return new ones. Path elements are written as in fieldsV1: `f:name`, `k:{"name":"x"}`, `v:"x"`.
import type { JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';

export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const NO_FIELDS: FieldSet = { member: false, children: new Map() };

const ONLY_SELF: FieldSet = { member: true, children: new Map() };

/** True when the set holds no path at all. */
export const isEmptySet = (set: FieldSet): boolean => !set.member && set.children.size === 0;

/** A node of the tree; `undefined` when nothing is in it, so that parents do not keep empty branches. */
export function fieldSet(member: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet | undefined {
  if (children.size === 0) return member ? ONLY_SELF : undefined;
  return { member, children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const mine = children.get(element);
    children.set(element, mine ? union(mine, child) : child);
  }
  return { member: a.member || b.member, children };
}

/** The paths of `a` that are not in `b`; a path in `b` does not stand for what lies below it. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const left = other ? difference(child, other) : child;
    if (!isEmptySet(left)) children.set(element, left);
  }
  return fieldSet(a.member && !b.member, children) ?? NO_FIELDS;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other) continue;
    const both = intersection(child, other);
    if (!isEmptySet(both)) children.set(element, both);
  }
  return fieldSet(a.member && b.member, children) ?? NO_FIELDS;
}

/** The set without whole branches, given by their path elements. */
export function withoutBranch(set: FieldSet, ...path: [string, ...string[]]): FieldSet {
  const [element, next, ...rest] = path;
  const child = set.children.get(element);
  if (!child) return set;
  const children = new Map(set.children);
  const left = next === undefined ? NO_FIELDS : withoutBranch(child, next, ...rest);
  if (isEmptySet(left)) children.delete(element);
  else children.set(element, left);
  return fieldSet(set.member, children) ?? NO_FIELDS;
}

/** The part of the set below one field at its root. */
export function onlyBranch(set: FieldSet, element: string): FieldSet {
  const child = set.children.get(element);
  return child ? { member: false, children: new Map([[element, child]]) } : NO_FIELDS;
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other || !sameSet(child, other)) return false;
  }
  return true;
}

/** Every path of the set, as lists of path elements, in the order in which fieldsV1 is written. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const paths = set.member ? [[...prefix]] : [];
  for (const [element, child] of sorted(set)) paths.push(...pathsOf(child, [...prefix, element]));
  return paths;
}

const sorted = (set: FieldSet): [string, FieldSet][] =>
  [...set.children].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));

/** The wire form: a leaf is `{}`, a path that has others below it says so with `.`. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  if (set.member && set.children.size > 0) fields['.'] = {};
  for (const [element, child] of sorted(set)) fields[element] = toFieldsV1(child);
  return fields;
}

/** Reads the wire form; the root itself is never a member. */
export function fromFieldsV1(fields: JsonObject): FieldSet {
  return { member: false, children: readChildren(fields) };
}

function readChildren(fields: JsonObject): Map<string, FieldSet> {
  const children = new Map<string, FieldSet>();
  for (const [element, value] of Object.entries(fields)) {
    if (element === '.' || !isObject(value)) continue;
    const names = Object.keys(value);
    children.set(element, { member: names.length === 0 || '.' in value, children: readChildren(value) });
  }
  return children;
}
