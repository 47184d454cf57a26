// What is remembered of each object in the cluster that carries our label: little, since there may be thousands.
import type { HealthVerdict } from '@fairlead/health/health-verdict';
import { computeHealth } from '@fairlead/health/compute-health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { isHeld } from './controller-fields.ts';
import { extraFields } from './extra-fields.ts';
import { extraFinding, type Finding } from './finding.ts';
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
  readonly deleting: boolean;
  /** A controller may hold fields of it that Git sets too. */
  readonly held: boolean;
  /** What people and other deployment tools own of it; whether Git declares a field is not known here. */
  readonly extras: readonly Finding[];
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
    deleting: deletionTimestamp !== undefined,
    held: isHeld(object),
    extras: extraFields(object).map((extra) => extraFinding(ref, extra)),
    health: computeHealth(object, { nowMs }),
    judged: false,
  };
}

/** The version as a number, so that the newer of two can be told; 0 where there is none. */
export function versionOf(object: KubernetesObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
