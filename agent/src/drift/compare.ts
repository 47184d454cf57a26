// Which of our fields differ between the live object and what our apply makes of it. Pure.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { pathText, valueAt, type FieldSteps } from './field-path.ts';
import { childrenOf, isLeaf } from './field-tree.ts';
import { ownEntry, type FieldTree } from './managed-fields.ts';

/** A field that Git sets and that is another one, or not there. */
export interface Difference {
  readonly path: string;
  readonly steps: FieldSteps;
  readonly type: 'MODIFIED' | 'MISSING';
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

/** An object that should be there and is not. */
export const MISSING_OBJECT: Difference = {
  path: '',
  steps: [],
  type: 'MISSING',
  desired: undefined,
  live: undefined,
};

/**
 * `wanted` is the API server's answer to our apply or to a dry run of it, so defaults and normalisation are in both, and
 * its own entry of `managedFields` says which fields are ours: no others are looked at. A list item that is away is one
 * difference.
 */
export function ownedDifferences(live: KubernetesObject, wanted: KubernetesObject): readonly Difference[] {
  const owned = ownEntry(wanted)?.fieldsV1 ?? {};
  const found: Difference[] = [];
  collect(owned, { live: live as Json, wanted: wanted as Json, steps: [] }, found);
  return found;
}

/** The difference of one field between what Git says and what is there; none where both are the same. */
export function differenceAt(
  live: KubernetesObject,
  desired: KubernetesObject,
  steps: FieldSteps,
): Difference | undefined {
  const [now, then] = [valueAt(live as Json, steps), valueAt(desired as Json, steps)];
  if (then === undefined || isSame(now, then, steps)) return undefined;
  return difference(steps, now, then);
}

interface Place {
  readonly live: Json | undefined;
  readonly wanted: Json | undefined;
  readonly steps: FieldSteps;
}

function collect(tree: FieldTree, place: Place, found: Difference[]): void {
  for (const [step, below] of childrenOf(tree)) {
    const wanted = valueAt(place.wanted, [step]);
    if (wanted === undefined) continue;
    const live = valueAt(place.live, [step]);
    const steps = [...place.steps, step];
    const isOneThing = isLeaf(below) || (live === undefined && step.type !== 'MEMBER');
    if (!isOneThing) collect(below, { live, wanted, steps }, found);
    else if (!isEqual(live, wanted)) found.push(difference(steps, live, wanted));
  }
}

function difference(steps: FieldSteps, live: Json | undefined, desired: Json): Difference {
  const type = live === undefined ? 'MISSING' : 'MODIFIED';
  return { path: pathText(steps), steps, type, desired, live };
}

function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

// Here nobody normalised what Git says: `1000m` and `1` are the same amount.
const AMOUNTS = new Set(['limits', 'requests', 'hard', 'capacity']);

function isSame(live: Json | undefined, desired: Json, steps: FieldSteps): boolean {
  if (isEqual(live, desired)) return true;
  const isAmount = steps.some((step) => step.type === 'MEMBER' && AMOUNTS.has(step.name));
  return isAmount && live !== undefined && amount(live) === amount(desired);
}

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

function scalarText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function amount(value: Json): number | string {
  const [, number, unit] = /^([\d.]+)([a-zA-Z]*)$/.exec(scalarText(value)) ?? [];
  const factor = FACTORS[unit ?? ''];
  return number === undefined || factor === undefined ? JSON.stringify(value) : Number(number) * factor;
}
