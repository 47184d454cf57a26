// What a health rule answers, and the few ways to write one, so that every rule speaks in the same form.
import type { Health } from '@fairlead/protocol/health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';

/** The judgement of one object. */
export interface HealthVerdict {
  readonly health: Health;
  /** One CamelCase word; Kubernetes' own where it has one. Stable: safe to compare and to count. */
  readonly reason: string;
  /** For a person; no capital, no full stop, so that it can stand after a name. Holds nothing that ticks. */
  readonly message: string;
  /**
   * Milliseconds since the epoch. Present when the verdict changes then without any event from the cluster,
   * because a grace runs out: ask again at that time.
   */
  readonly recheckAtMs?: number;
}

/** What may be read besides the object itself; a rule does without what is absent. */
export interface RelatedObjects {
  /** Pods of the workload, found by owner. Only read while the workload is not healthy, so pass them only then. */
  readonly pods?: readonly KubernetesObject[];
  /** The present, in milliseconds since the epoch. Rules read no clock; without it no grace counts as over. */
  readonly nowMs?: number;
  /** Our last apply of the object: what it became, and when. */
  readonly applied?: { readonly resourceVersion: string; readonly atMs: number };
}

/** The rule of one kind. Total: any JSON gives an answer. */
export type HealthRule = (object: KubernetesObject, related: RelatedObjects) => HealthVerdict;

/** The object does what it is there for, at the generation that was asked for. */
export function healthy(reason: string, message: string): HealthVerdict {
  return { health: 'HEALTHY', reason, message };
}

/** Not there yet, and nothing says that it will not get there. */
export function progressing(reason: string, message: string): HealthVerdict {
  return { health: 'PROGRESSING', reason, message };
}

/** Something is wrong that waiting alone does not mend. */
export function degraded(reason: string, message: string): HealthVerdict {
  return { health: 'DEGRADED', reason, message };
}

/** Someone halted it on purpose; no fault. */
export function suspended(reason: string, message: string): HealthVerdict {
  return { health: 'SUSPENDED', reason, message };
}

/** Nothing may be concluded from what was read. */
export function unknown(reason: string, message: string): HealthVerdict {
  return { health: 'UNKNOWN', reason, message };
}

/** The verdict on an object that should be in the cluster and is not. */
export function missing(): HealthVerdict {
  return { health: 'MISSING', reason: 'NotFound', message: 'is not in the cluster' };
}
