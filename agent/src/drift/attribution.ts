// Who made a difference: what `managedFields` says, and nothing that it does not say. Pure.
import type { ManagerClass } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { FieldSteps } from './field-path.ts';
import { holds } from './field-tree.ts';
import { isOwn, managedFields, type ManagedFieldsEntry } from './managed-fields.ts';
import { writerClassOf } from './writer-class.ts';

/** The writer of a field. A removed field has none, nor has a scale to zero: the API server keeps nobody’s name for them. */
export interface Attribution {
  readonly manager?: string;
  readonly managerClass: ManagerClass;
  readonly operation?: 'Apply' | 'Update';
  readonly subresource?: string;
  /** RFC 3339; the API server gives none for a write through `scale`. */
  readonly changedAt?: string;
}

/** Nobody's name is known. */
export const UNATTRIBUTED: Attribution = { managerClass: 'UNKNOWN' };

/** Who besides us owns the field; of several the one who wrote last. */
export function attributionOf(live: KubernetesObject | undefined, steps: FieldSteps): Attribution {
  const owners = live ? managedFields(live).filter((entry) => !isOwn(entry)) : [];
  const [last] = owners
    .filter((entry) => holds(entry.fieldsV1, steps))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  return last ? attributionTo(last) : UNATTRIBUTED;
}

/** An entry of `managedFields` in the words of a report. */
export function attributionTo({ manager, operation, subresource, time }: ManagedFieldsEntry): Attribution {
  return {
    ...(manager !== undefined && { manager }),
    managerClass: writerClassOf(manager),
    ...(operation !== undefined && { operation }),
    ...(subresource !== undefined && subresource !== '' && { subresource }),
    ...(time !== undefined && { changedAt: time }),
  };
}
