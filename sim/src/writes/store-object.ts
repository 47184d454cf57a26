// The last steps of every write: rules, what the server allocates, and the question whether there is anything to write.
import type { ClusterState, WriteOptions } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import { allocateAddresses } from '../defaults/network-defaults.ts';
import type { ManagedEntry, Writer } from '../apply/managed-fields.ts';
import { writeManagedFields } from '../apply/managed-fields.ts';
import type { JsonObject } from '../json-value.ts';
import { objectAt, objectsOf, sameJson } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { finalizersOf, isTerminating } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf, storageKeyOf } from '../resources/resource-type.ts';
import { invalid } from '../status-error.ts';
import { forbiddenChanges } from '../validation/immutable-fields.ts';
import { brokenRules } from '../validation/object-rules.ts';
import { giveSelector } from '../workloads/job-selector.ts';
import { countGeneration } from './object-identity.ts';

/** The identity under which a write is recorded; the scale subresource is recorded without a time. */
export const writerOf = (
  state: ClusterState,
  type: ResourceType,
  options: WriteOptions,
  operation: Writer['operation'],
): Writer => ({
  manager: options.manager,
  operation,
  apiVersion: apiVersionOf(type),
  time: options.subresource === 'scale' ? undefined : timestampOf(state.now()),
  subresource: options.subresource,
});

/** Puts the entries into the draft, or takes the list away when nobody owns anything. */
export function setManagedFields(draft: KubeObject, entries: readonly ManagedEntry[]): void {
  const list = writeManagedFields(entries);
  if (list.length === 0) delete draft.metadata['managedFields'];
  else draft.metadata['managedFields'] = list;
}

/** Stores a new object; with dryRun it only says what would be stored. Throws 422 for broken rules. */
export function storeNew(
  state: ClusterState,
  type: ResourceType,
  draft: KubeObject,
  dryRun: boolean,
): KubeObject {
  if (type.kind === 'Service') allocateAddresses(draft, undefined, state.nextNumber);
  if (type.kind === 'Namespace') objectAt(draft, 'spec')['finalizers'] = ['kubernetes'];
  if (type.kind === 'Job') giveSelector(draft);
  giveFirstStatus(type, draft);
  refuseBroken(type, draft, undefined);
  return dryRun ? draft : state.store.put(storageKeyOf(type), draft);
}

const FIRST_STATUS: Readonly<Record<string, JsonObject>> = {
  Namespace: { phase: 'Active' },
  Pod: { phase: 'Pending', qosClass: 'BestEffort' },
  PersistentVolumeClaim: { phase: 'Pending' },
  Service: { loadBalancer: {} },
  Ingress: { loadBalancer: {} },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  PodDisruptionBudget: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  HorizontalPodAutoscaler: { desiredReplicas: 0 },
  PersistentVolume: { phase: 'Available' },
};
const EMPTY_STATUS: ReadonlySet<string> = new Set(['Deployment', 'Job', 'CronJob', 'ResourceQuota']);

function giveFirstStatus(type: ResourceType, draft: KubeObject): void {
  const status = FIRST_STATUS[type.kind] ?? (EMPTY_STATUS.has(type.kind) ? {} : undefined);
  if (!type.custom && status) draft['status'] = structuredClone(status);
}

/** Stores a changed object, or gives back the stored one when nothing but the time of an entry would change. */
export function storeChanged(
  state: ClusterState,
  type: ResourceType,
  change: { readonly draft: KubeObject; readonly previous: KubeObject },
  options: WriteOptions,
): KubeObject {
  const { draft, previous } = change;
  if (type.kind === 'Service') allocateAddresses(draft, previous, state.nextNumber);
  countGeneration(type, draft, previous);
  if (options.subresource !== 'status') refuseBroken(type, draft, previous);
  if (sameJson(withoutTimes(draft), withoutTimes(previous))) return previous;
  if (options.dryRun) return draft;
  const stored = state.store.put(storageKeyOf(type), draft);
  return isReleased(type, stored) ? state.store.remove(storageKeyOf(type), stored) : stored;
}

/** True for an object that was deleted and that nothing holds any more. */
export const isReleased = (type: ResourceType, object: KubeObject): boolean =>
  isTerminating(object) && finalizersOf(object).length === 0 && type.kind !== 'Namespace';

function refuseBroken(type: ResourceType, draft: KubeObject, previous: KubeObject | undefined): void {
  const causes = [
    ...brokenRules(type.kind, draft),
    ...(previous ? forbiddenChanges(type.kind, previous, draft) : []),
  ];
  if (causes.length > 0) throw invalid(type, draft.metadata.name, causes);
}

const withoutTimes = (object: KubeObject): JsonObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    managedFields: objectsOf(object.metadata['managedFields']).map((entry) => ({ ...entry, time: '' })),
  },
});
