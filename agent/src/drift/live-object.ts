// What is remembered of each object in the cluster that carries our label: little, since there may be thousands.
import type { HealthVerdict, RelatedObjects } from '@fairlead/health/health-verdict';
import type { KindRule } from '@fairlead/health/rule-index';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { isHeld } from './controller-fields.ts';
import { extraFields } from './extra-fields.ts';
import { extraFinding, type Finding } from './finding.ts';
import { ownedDigest } from './owned-digest.ts';

/** Our last apply of new content: what the object became, and when. */
export type AppliedMark = NonNullable<RelatedObjects['applied']>;

/** One object as the last event told. */
export interface LiveObject {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: number;
  /** The API server's count of changes of the specification; `undefined` where the kind has none. */
  readonly generation: number | undefined;
  /** Value of our label: whose object this is. */
  readonly instance: string;
  /** Digest of the fields that we own; another one than after our apply means that someone else wrote them. */
  readonly owned: string;
  readonly deleting: boolean;
  /** A controller may hold fields of it that Git sets too. */
  readonly held: boolean;
  /** What people and other deployment tools own of it; whether Git declares a field is not known here. */
  readonly extras: readonly Finding[];
  readonly applied: AppliedMark | undefined;
  readonly health: HealthVerdict;
  /** The user's rule that gave `health`. */
  readonly rule: KindRule | undefined;
  /** Since when `health` has its word, in milliseconds since the epoch, where that is known. */
  readonly sinceMs: number | undefined;
  /** Its pods were looked at for `health`. */
  readonly judged: boolean;
}

/** What is kept of an object apart from what is concluded from it. */
export function liveFactsOf(object: KubernetesObject) {
  const ref = refOf(object);
  const { uid, labels, deletionTimestamp, generation } = object.metadata;
  return {
    id: resourceId(ref),
    ref,
    uid: uid ?? '',
    resourceVersion: versionOf(object),
    generation,
    instance: labels?.[INSTANCE_LABEL] ?? '',
    owned: ownedDigest(object),
    deleting: deletionTimestamp !== undefined,
    held: isHeld(object),
    extras: extraFields(object).map((extra) => extraFinding(ref, extra)),
  };
}

/** The version as a number, so that the newer of two can be told; 0 where there is none. */
export function versionOf(object: KubernetesObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
