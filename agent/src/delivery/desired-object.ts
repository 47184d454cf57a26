// One object that an instance should have, with everything that is decided about it before the cluster is looked at.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Place } from './apply-order.ts';

/** An object of the bundle, ready to be sent. */
export interface DesiredObject {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly object: KubernetesObject;
  /** Digest of `object`: another one than at the last apply means that the bundle changed it. */
  readonly digest: string;
  readonly place: Place;
  readonly namespaced: boolean;
  readonly mayRecreate: boolean;
  readonly runsOnce: boolean;
  /** Runs around a release: no part of what it brings, so it does not hold the instance's health back. */
  readonly isHook: boolean;
}
