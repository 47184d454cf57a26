// From an object of a bundle to what is sent to the API server. Pure.
import type { KubernetesObject, ObjectMetadata } from '@fairlead/protocol/kubernetes-object';
import { isSecret } from '@fairlead/protocol/masking';
import { INSTANCE_LABEL, RECREATE_ANNOTATION } from '@fairlead/protocol/tracking';
import { isHook } from './apply-order.ts';

/** What an instance gives to each of its objects. */
export interface Placement {
  readonly instance: string;
  /** For objects that name none and live in one. */
  readonly namespace: string;
  readonly namespaced: boolean;
}

// Written by the API server; in a bundle they come from an export and would only be refused.
const SERVER_METADATA = [
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
];

/** The object with our label and its namespace, without what only the API server writes. */
export function prepareObject(object: KubernetesObject, placement: Placement): KubernetesObject {
  const { status: _status, ...rest } = isSecret(object) ? withEncodedData(object) : object;
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: prepareMetadata(object, placement),
  };
}

/** Whether a change that is refused as immutable may delete and create it: it says so, or is a hook that runs anew. */
export function mayRecreate(object: KubernetesObject): boolean {
  return object.metadata.annotations?.[RECREATE_ANNOTATION] === 'true' || isHook(object);
}

/** Whether its absence after it ran is no drift: a hook, or a Job that the cluster removes when it is done. */
export function runsOnce(object: KubernetesObject): boolean {
  if (isHook(object)) return true;
  const spec = object['spec'] as { ttlSecondsAfterFinished?: number } | undefined;
  return object.kind === 'Job' && spec?.ttlSecondsAfterFinished !== undefined;
}

function prepareMetadata({ metadata }: KubernetesObject, placement: Placement): ObjectMetadata {
  const { namespace: given, ...others } = metadata;
  const kept = Object.entries(others).filter(([key]) => !SERVER_METADATA.includes(key));
  const namespace = placement.namespaced ? (given ?? placement.namespace) : undefined;
  return {
    ...Object.fromEntries(kept),
    name: metadata.name,
    ...(namespace !== undefined && { namespace }),
    labels: { ...metadata.labels, [INSTANCE_LABEL]: placement.instance },
  };
}

/** Applied as `stringData` a Secret would be owned as such, and a change of its `data` would not be seen. */
function withEncodedData(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = secret;
  if (typeof stringData !== 'object' || stringData === null) return secret;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, base64(String(value))] as const);
  const data = { ...(rest['data'] as object | undefined), ...Object.fromEntries(encoded) };
  return { ...rest, apiVersion: secret.apiVersion, kind: secret.kind, metadata: secret.metadata, data };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
