// Fields that people or other deployment tools added to an object and that nobody declared. Pure.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { attributionTo, type Attribution } from './attribution.ts';
import { pathText, valueAt, type FieldSteps } from './field-path.ts';
import { childrenOf, isLeaf } from './field-tree.ts';
import { isOwn, managedFields, ownEntry, type FieldTree, type ManagedFieldsEntry } from './managed-fields.ts';
import { writerClassOf } from './writer-class.ts';

/** One field, or one entry of a list as a whole. */
export interface ExtraField {
  readonly path: string;
  readonly steps: FieldSteps;
  readonly live: Json;
  readonly attribution: Attribution;
}

// kubectl's and the Deployment tools' own bookkeeping says nothing of what runs.
const BOOKKEEPING = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubernetes.io/change-cause',
]);

/**
 * What interactive managers own and we do not. What controllers, webhooks and unknown programs add is their work, not
 * drift. Fields that Git does set are among them for as long as another owns them: the caller knows which those are.
 */
export function extraFields(object: KubernetesObject): readonly ExtraField[] {
  const ours = ownEntry(object)?.fieldsV1 ?? {};
  const found = new Map<string, ExtraField>();
  for (const entry of managedFields(object).filter(isInteractive)) {
    for (const steps of extraPaths(entry.fieldsV1 ?? {}, ours, [])) {
      const live = valueAt(object as Json, steps);
      const path = pathText(steps);
      if (live === undefined || isBookkeeping(steps)) continue;
      found.set(path, { path, steps, live, attribution: attributionTo(entry) });
    }
  }
  return [...found.values()];
}

/** Whether a person or another deployment tool writes under this name. */
export function isInteractive(entry: ManagedFieldsEntry): boolean {
  if (isOwn(entry) || entry.subresource === 'status') return false;
  const writer = writerClassOf(entry.manager);
  return writer === 'PERSON' || writer === 'GITOPS';
}

function extraPaths(theirs: FieldTree, ours: FieldTree, above: FieldSteps): readonly FieldSteps[] {
  const mine = new Map(childrenOf(ours).map(([step, below]) => [JSON.stringify(step), below]));
  return childrenOf(theirs).flatMap(([step, below]) => {
    const steps = [...above, step];
    const own = mine.get(JSON.stringify(step));
    // What we own as one value is ours below too.
    if (own && isLeaf(own)) return [];
    const isOneThing = isLeaf(below) || (own === undefined && step.type !== 'MEMBER' && '.' in below);
    if (isOneThing) return own === undefined ? [steps] : [];
    return extraPaths(below, own ?? {}, steps);
  });
}

function isBookkeeping(steps: FieldSteps): boolean {
  const [metadata, annotations, key] = steps;
  return (
    metadata?.type === 'MEMBER' &&
    annotations?.type === 'MEMBER' &&
    annotations.name === 'annotations' &&
    key?.type === 'MEMBER' &&
    BOOKKEEPING.has(key.name)
  );
}
