// Reads what the API server says about who owns which field. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { FIELD_MANAGER } from '@fairlead/protocol/tracking';
import { writerClassOf } from './writer-class.ts';

/** A tree of owned fields as the API server writes it: `f:name`, `k:{"name":"web"}`, `v:`, `i:`, and `.`. */
export interface FieldTree {
  readonly [key: string]: FieldTree;
}

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldTree;
}

/** All entries; empty where the API server gave none. */
export function managedFields(object: KubernetesObject): readonly ManagedFieldsEntry[] {
  const entries = object.metadata['managedFields'];
  return Array.isArray(entries) ? (entries as ManagedFieldsEntry[]) : [];
}

/** The entry of our own applies: exactly the fields that are Fairlead's. */
export function ownEntry(object: KubernetesObject): ManagedFieldsEntry | undefined {
  return managedFields(object).find(isOwn);
}

/** Whether an entry is that of our applies. */
export function isOwn(entry: ManagedFieldsEntry): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && !entry.subresource;
}

/**
 * Whether an autoscaler decides `spec.replicas`: a controller scaled the object, as the controller manager does, where
 * the horizontal autoscaler lives. What a person scaled with `kubectl scale` is drift.
 */
export function isAutoscaled(object: KubernetesObject): boolean {
  return managedFields(object).some(
    (entry) =>
      entry.subresource === 'scale' &&
      writerClassOf(entry.manager) === 'CONTROLLER' &&
      entry.fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  );
}

/** Whether somebody else than us decided how many replicas there are; of who scaled to nothing no name is left. */
export function isScaledByOthers(object: KubernetesObject): boolean {
  const hasReplicas = ({ fieldsV1 }: ManagedFieldsEntry): boolean =>
    fieldsV1?.['f:spec']?.['f:replicas'] !== undefined;
  const own = ownEntry(object);
  if (own && hasReplicas(own)) return false;
  const spec = object['spec'] as { readonly replicas?: number } | undefined;
  return spec?.replicas === 0 || managedFields(object).some(hasReplicas);
}

/** All fields of both trees. */
export function unionOf(a: FieldTree, b: FieldTree): FieldTree {
  const merged: Record<string, FieldTree> = { ...a };
  for (const [key, below] of Object.entries(b)) {
    const mine = merged[key];
    merged[key] = mine ? unionOf(mine, below) : below;
  }
  return merged;
}
