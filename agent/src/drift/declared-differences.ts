// Compares what Git says with what is there without asking the API server: for objects whose webhooks refuse dry runs,
// and for those that cannot be healed. Only declared fields are looked at. Pure.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { differenceAt, type Difference } from './compare.ts';
import { pathText, valueAt, type FieldSteps, type ItemKey, type PathStep } from './field-path.ts';

/** May name a field that the API server only writes in another way; a webhook's changes of our own apply as well. */
export function declaredDifferences(
  live: KubernetesObject,
  desired: KubernetesObject,
): readonly Difference[] {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...content } = desired;
  const { labels, annotations } = metadata;
  const declared = {
    ...content,
    metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
  };
  return fieldsOf(declared as Json, [])
    .flatMap((steps) => missingItem(live, desired, steps))
    .filter(unique());
}

/** The difference at the field, or that of the list item which it is in, where the whole item is away. */
function missingItem(
  live: KubernetesObject,
  desired: KubernetesObject,
  steps: FieldSteps,
): readonly Difference[] {
  const above = steps.findIndex(
    (step, index) => step.type === 'ITEM' && valueAt(live as Json, steps.slice(0, index + 1)) === undefined,
  );
  const found = differenceAt(live, desired, above < 0 ? steps : steps.slice(0, above + 1));
  return found ? [found] : [];
}

function fieldsOf(value: Json, above: FieldSteps): readonly FieldSteps[] {
  const children = childrenOf(value, above);
  if (!children || children.length === 0) return [above];
  return children.flatMap(([step, child]) => fieldsOf(child, [...above, step]));
}

function childrenOf(value: Json, above: FieldSteps): readonly (readonly [PathStep, Json])[] | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return itemsOf(value, above);
  return Object.entries(value).flatMap(([name, child]) =>
    child === undefined ? [] : [[{ type: 'MEMBER', name } as const, child] as const],
  );
}

/** Without keys a list is one value. */
function itemsOf(
  items: readonly Json[],
  above: FieldSteps,
): readonly (readonly [PathStep, Json])[] | undefined {
  const keyed = items.map((item) => [keysOf(item, above), item] as const);
  const steps = keyed.flatMap(([keys, item]) =>
    keys ? [[{ type: 'ITEM', keys } as const, item] as const] : [],
  );
  return steps.length === items.length ? steps : undefined;
}

/** What names an item in the lists of the built-in kinds. */
const KEYS_OF_LIST: Readonly<Record<string, readonly string[]>> = {
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
};
const PORT_KEYS = ['containerPort', 'port', 'protocol'];

function keysOf(item: Json, above: FieldSteps): readonly ItemKey[] | undefined {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined;
  const list = above.at(-1);
  const name = list?.type === 'MEMBER' ? list.name : '';
  const keys = name === 'ports' ? PORT_KEYS : (KEYS_OF_LIST[name] ?? ['name']);
  const given = keys.flatMap((key): ItemKey[] => {
    // The one key that the API server fills in.
    const value = item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
    return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [];
  });
  return given.length > 0 ? given : undefined;
}

function unique(): (difference: Difference) => boolean {
  const seen = new Set<string>();
  return ({ steps }) => {
    const path = pathText(steps);
    return !seen.has(path) && seen.add(path) !== undefined;
  };
}
