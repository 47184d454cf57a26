// Objects that were read, each with its verdict, in order.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { computeHealth } from '../compute-health.ts';
import { type HealthVerdict, unknown } from '../health-verdict.ts';
import { fields, text } from '../read-fields.ts';
import type { RuleIndex } from '../rule-index.ts';
import { podsByOwner, uidOf } from './pods-of-workloads.ts';
import type { Batch } from './read-objects.ts';

/** One answer; the names are absent where the object has none. */
export interface JudgedObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly verdict: HealthVerdict;
  /** It could not be read, or is no Kubernetes object. */
  readonly isUnreadable: boolean;
}

/** As many answers as there are objects. */
export function judgeBatch(batch: Batch, nowMs: number, rules?: RuleIndex): JudgedObject[] {
  const objects = batch.flatMap((one) =>
    'object' in one && isKubernetesObject(one.object) ? [one.object] : [],
  );
  const pods = podsByOwner(objects);
  return batch.map((one) => {
    if ('problem' in one) return { verdict: unknown('Unreadable', one.problem), isUnreadable: true };
    if (!isKubernetesObject(one.object)) {
      const verdict = unknown('NoKubernetesObject', 'has no apiVersion and kind');
      return { verdict, isUnreadable: true };
    }
    const owned = pods.get(uidOf(one.object) ?? '');
    const verdict = computeHealth(one.object, { nowMs, ...(owned && { pods: owned }) }, rules);
    return { ...namesOf(one.object), verdict, isUnreadable: false };
  });
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  const { apiVersion, kind } = fields(value);
  return text(apiVersion) !== undefined && text(kind) !== undefined;
}

function namesOf(object: KubernetesObject): Partial<JudgedObject> {
  const metadata = fields(object.metadata);
  const namespace = text(metadata['namespace']);
  const name = text(metadata['name']);
  const { apiVersion, kind } = object;
  return {
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}
