// When healing is refused because of what people added (a second port where Git has one), their fields become ours,
// and the next apply removes what Git does not have. Never the fields of controllers or of subresources.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { FIELD_MANAGER } from '@fairlead/protocol/tracking';
import { isOwn, managedFields, unionOf, type ManagedFieldsEntry } from './managed-fields.ts';
import { writerClassOf } from './writer-class.ts';

/** A JSON patch, and whose fields it moves. */
export interface TakeOver {
  readonly patch: readonly unknown[];
  /** Managers and times of what is taken over, for the log: this attribution is gone afterwards. */
  readonly from: readonly string[];
}

/** The patch that makes people's fields ours, guarded by the version that was read; `undefined` when there are none. */
export function planTakeOver(live: KubernetesObject): TakeOver | undefined {
  const entries = managedFields(live);
  const taken = entries.filter(isInteractive);
  if (taken.length === 0) return undefined;
  const kept = entries.filter((entry) => !isInteractive(entry) && !isOwn(entry));
  const all = [entries.find(isOwn) ?? newOwnEntry(live), ...taken];
  const fieldsV1 = all.map((entry) => entry.fieldsV1 ?? {}).reduce(unionOf);
  const patch = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: [...kept, { ...all[0], fieldsV1 }] },
  ];
  return { patch, from: taken.map((entry) => `${entry.manager ?? 'unknown'} at ${entry.time ?? 'unknown'}`) };
}

/** What no controller sent as an Update is taken for a person's: it keeps the object from being healed. */
function isInteractive(entry: ManagedFieldsEntry): boolean {
  const isController = writerClassOf(entry.manager) === 'CONTROLLER';
  return entry.operation === 'Update' && !entry.subresource && !isController;
}

function newOwnEntry(live: KubernetesObject): ManagedFieldsEntry {
  return { manager: FIELD_MANAGER, operation: 'Apply', apiVersion: live.apiVersion, fieldsType: 'FieldsV1' };
}
