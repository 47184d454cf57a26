// What is remembered of each object in the cluster that carries our label: little, since there may be thousands.
import type { HealthVerdict, RelatedObjects } from '@fairlead/health/health-verdict';
import type { KindRule } from '@fairlead/health/rule-index';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { isAutoscaled } from './managed-fields.ts';
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
  /** Changes whenever something that a person may write changes; not with `status`. */
  readonly shape: string;
  readonly deleting: boolean;
  readonly autoscaled: boolean;
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
    shape: shapeOf(object),
    deleting: deletionTimestamp !== undefined,
    autoscaled: isAutoscaled(object),
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
