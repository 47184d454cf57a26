// What every operation of one simulated cluster works on. Operations are synchronous: a write is atomic by nature.
import type { KubeObject, Metadata } from './kube-object.ts';
import type { ResourceRegistry } from './resources/resource-registry.ts';
import type { ResourceType } from './resources/resource-type.ts';
import { storageKeyOf } from './resources/resource-type.ts';
import type { OwnerIndex } from './store/owner-index.ts';
import type { ObjectStore } from './store/object-store.ts';
import { notFound } from './status-error.ts';

export interface ClusterState {
  readonly name: string;
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
  readonly owners: OwnerIndex;
  readonly now: () => Date;
  /** Counts up for what is given out once: addresses, ports, name endings. */
  readonly nextNumber: () => number;
}

/** Address of one object inside its kind. */
export interface ObjectName {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Who writes and how; `manager` is the field manager that the write is recorded under. */
export interface WriteOptions {
  readonly manager: string;
  readonly subresource?: 'status' | 'scale';
  readonly dryRun: boolean;
}

/** Time as the API writes it: UTC, whole seconds. */
export const timestampOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

export const findObject = (state: ClusterState, type: ResourceType, at: ObjectName): KubeObject | undefined =>
  state.store.get(storageKeyOf(type), at.namespace, at.name);

/** Throws 404 when the object is absent. */
export function getObject(state: ClusterState, type: ResourceType, at: ObjectName): KubeObject {
  const object = findObject(state, type, at);
  if (!object) throw notFound(type, at.name);
  return object;
}

export const nameOf = (metadata: Metadata): ObjectName => ({
  namespace: metadata.namespace,
  name: metadata.name,
});
