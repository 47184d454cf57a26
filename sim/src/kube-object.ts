// The part of an object that every kind shares. The rest stays plain JSON: the server treats unknown kinds alike.
import type { Json, JsonObject } from './json-value.ts';
import { isObject, objectOf, objectsOf, stringOf } from './json-value.ts';

export type Metadata = JsonObject & {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
};

/** An object as stored: never changed in place, a write replaces it. */
export type KubeObject = JsonObject & { apiVersion: string; kind: string; metadata: Metadata };

/** What a client sent: metadata is there, but nothing in it is promised. */
export type Draft = JsonObject & { apiVersion: string; kind: string; metadata: JsonObject };

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** True when a body has what every object must have: apiVersion, kind and metadata. */
export const isDraft = (value: unknown): value is Draft =>
  isObject(value) &&
  typeof value['apiVersion'] === 'string' &&
  typeof value['kind'] === 'string' &&
  isObject(value['metadata']);

/** True once the server has given a draft its identity. */
export const isKubeObject = (value: unknown): value is KubeObject =>
  isDraft(value) &&
  typeof value.metadata['name'] === 'string' &&
  typeof value.metadata['uid'] === 'string' &&
  typeof value.metadata['resourceVersion'] === 'string';

/** A private copy that the write path may fill in and change. */
export const draftOf = (object: KubeObject): KubeObject => structuredClone(object);

/** Labels as strings; entries that are no strings cannot be stored and are left out. */
export function labelsOf(object: { metadata: JsonObject }): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(object.metadata['labels']))) {
    if (typeof value === 'string') labels[name] = value;
  }
  return labels;
}

/** Names of the finalizers that still hold the object. */
export const finalizersOf = (object: { metadata: JsonObject }): string[] => {
  const list: Json | undefined = object.metadata['finalizers'];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
};

/** Owners in the order in which they are written. */
export const ownersOf = (object: { metadata: JsonObject }): OwnerReference[] =>
  objectsOf(object.metadata['ownerReferences']).map((owner) => ({
    kind: stringOf(owner['kind']) ?? '',
    name: stringOf(owner['name']) ?? '',
    uid: stringOf(owner['uid']) ?? '',
    controller: owner['controller'] === true,
  }));

/** True between the first DELETE and the moment when the last finalizer is gone. */
export const isTerminating = (object: { metadata: JsonObject }): boolean =>
  typeof object.metadata['deletionTimestamp'] === 'string';
