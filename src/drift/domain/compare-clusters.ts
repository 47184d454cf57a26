// What differs between two clusters that run one application in one environment: what was rendered for them, and over
// that what is known to differ from it. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { maskerOf } from '@fairlead/protocol/masking';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { DriftItem } from './drift-item.ts';
import { fieldsOf, shownValue, UNTOLD } from './object-fields.ts';

/** One of the two. */
export interface ClusterSide {
  /** Of objects that name none. */
  readonly namespace: string;
  readonly objects: readonly KubernetesObject[];
  readonly drift: readonly DriftItem[];
}

/** A field that differs, or (without a path) a whole object; null: it is not there. JSON texts, secrets masked. */
export interface ObjectDifference {
  readonly object: ObjectRef;
  readonly path: string | null;
  readonly a: string | null;
  readonly b: string | null;
}

/** The sort key of a list of differences. */
export type DifferencePosition = readonly [object: string, path: string];

interface LiveView {
  readonly ref: ObjectRef;
  /** Absent: the object is not there. */
  readonly fields: ReadonlyMap<string, string | null> | undefined;
}

const PRESENT = '"present"';
const ONLY_A = { a: PRESENT, b: null };
const ONLY_B = { a: null, b: PRESENT };

/** In the order of `differencePosition`. */
export function compareClusters(a: ClusterSide, b: ClusterSide): ObjectDifference[] {
  // What is a Secret's value on one of them is hidden on both.
  const mask = maskerOf([...a.objects, ...b.objects]);
  const [left, right] = [viewsOf(a, mask), viewsOf(b, mask)];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort(byText);
  return keys.flatMap((key) => compareObject(left.get(key), right.get(key)));
}

/** Where a difference stands in the list. */
export function differencePosition({ object, path }: ObjectDifference): DifferencePosition {
  return [keyOf(object), path ?? ''];
}

/** A page of differences: those after a position. */
export function differencesAfter(
  differences: readonly ObjectDifference[],
  after: DifferencePosition | undefined,
): readonly ObjectDifference[] {
  if (!after) return differences;
  const start = differences.findIndex((difference) => {
    const [key, path] = differencePosition(difference);
    return key > after[0] || (key === after[0] && path > after[1]);
  });
  return start < 0 ? [] : differences.slice(start);
}

function viewsOf(
  { objects, drift, namespace }: ClusterSide,
  mask: (text: string) => string,
): Map<string, LiveView> {
  const views = new Map<string, LiveView>();
  const named = new Map(drift.map((item) => [keyOf(refOfItem(item)), item]));
  for (const object of objects) {
    const { name, namespace: own } = object.metadata;
    const ref = { apiVersion: object.apiVersion, kind: object.kind, name, namespace: own ?? namespace };
    // Whether a kind has namespaces is known to its cluster alone: drift of it tells.
    const { namespace: _none, ...bare } = ref;
    const placed = own === undefined && !named.has(keyOf(ref)) && named.has(keyOf(bare)) ? bare : ref;
    views.set(keyOf(placed), { ref: placed, fields: fieldsOf(object, mask) });
  }
  for (const item of drift) applyDrift(views, item);
  return views;
}

function applyDrift(views: Map<string, LiveView>, item: DriftItem): void {
  const ref = refOfItem(item);
  const key = keyOf(ref);
  if (item.path === '') {
    views.set(key, {
      ref,
      fields: item.type === 'MISSING' ? undefined : (views.get(key)?.fields ?? new Map()),
    });
    return;
  }
  const fields = new Map(views.get(key)?.fields);
  const isField = (path: string): boolean =>
    path === item.path || path.startsWith(`${item.path}.`) || path.startsWith(`${item.path}[`);
  for (const path of [...fields.keys()].filter(isField)) fields.delete(path);
  if (item.type !== 'MISSING') fields.set(item.path, item.masked ? UNTOLD : item.live);
  views.set(key, { ref, fields });
}

function compareObject(a: LiveView | undefined, b: LiveView | undefined): ObjectDifference[] {
  const object = (a ?? b)?.ref;
  return object ? compareViews(object, a?.fields, b?.fields) : [];
}

function compareViews(object: ObjectRef, left: LiveView['fields'], right: LiveView['fields']) {
  if (left === right) return [];
  if (left && right) return compareFields(object, left, right);
  return [{ object, path: null, ...(left ? ONLY_A : ONLY_B) }];
}

type Fields = NonNullable<LiveView['fields']>;

function compareFields(object: ObjectRef, left: Fields, right: Fields): ObjectDifference[] {
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort(byText);
  return paths.flatMap((path) => compareField(object, path, left.get(path) ?? null, right.get(path) ?? null));
}

function compareField(
  object: ObjectRef,
  path: string,
  a: string | null,
  b: string | null,
): ObjectDifference[] {
  if (a === b && a !== UNTOLD) return [];
  return [{ object, path, a: shownValue(a), b: shownValue(b) }];
}

function refOfItem({ apiVersion, kind, namespace, name }: DriftItem): ObjectRef {
  return namespace === '' ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace };
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [kind, namespace ?? '', name, apiVersion].join('/');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
