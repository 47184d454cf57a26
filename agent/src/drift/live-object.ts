// What is remembered of each object in the cluster that carries our label: little, since there may be thousands.
import type { HealthVerdict } from '@fairlead/health/health-verdict';
import { computeHealth } from '@fairlead/health/compute-health';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { isAutoscaled } from './managed-fields.ts';
import { ownedDigest } from './owned-digest.ts';

/** One object as the last event told. */
export interface LiveObject {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: number;
  /** Value of our label: whose object this is. */
  readonly instance: string;
  /** Digest of the fields that we own; another one than after our apply means that someone else wrote them. */
  readonly owned: string;
  /** Changes whenever something that a person may write changes; not with `status`. */
  readonly shape: string;
  readonly deleting: boolean;
  readonly autoscaled: boolean;
  readonly health: HealthVerdict;
  /** Its pods were looked at for `health`. */
  readonly judged: boolean;
}

/** What is kept of an object; its health is judged without its pods. */
export function liveObjectOf(object: KubernetesObject, nowMs: number): LiveObject {
  const ref = refOf(object);
  const { uid, labels, deletionTimestamp } = object.metadata;
  return {
    id: resourceId(ref),
    ref,
    uid: uid ?? '',
    resourceVersion: versionOf(object),
    instance: labels?.[INSTANCE_LABEL] ?? '',
    owned: ownedDigest(object),
    shape: shapeOf(object),
    deleting: deletionTimestamp !== undefined,
    autoscaled: isAutoscaled(object),
    health: computeHealth(object, { nowMs }),
    judged: false,
  };
}

/** The version as a number, so that the newer of two can be told; 0 where there is none. */
export function versionOf(object: KubernetesObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}

/** The generation counts changes of the specification where a kind has one; labels and annotations are apart from it. */
function shapeOf(object: KubernetesObject): string {
  const { generation, resourceVersion, labels, annotations } = object.metadata;
  if (generation === undefined) return resourceVersion ?? '';
  return `${generation} ${canonicalJson([labels ?? {}, annotations ?? {}])}`;
}
