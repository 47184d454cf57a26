// Since when an object is as healthy as it is. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { LiveObject } from './live-object.ts';

interface Moment {
  readonly nowMs: number;
  /** Our apply of new content is what is told. */
  readonly appliedAtMs?: number | undefined;
}

/** Kept while the word stays; `undefined` where nobody saw it begin and the object does not tell. */
export function healthSince(
  after: Pick<LiveObject, 'uid' | 'health'>,
  before: Pick<LiveObject, 'uid' | 'health' | 'sinceMs'> | undefined,
  { nowMs, appliedAtMs }: Moment,
  object: KubernetesObject,
): number | undefined {
  if (before?.uid !== after.uid) return newestTransition(object) ?? appliedAtMs;
  if (before.health.health === after.health.health) return before.sinceMs ?? appliedAtMs;
  return nowMs;
}

/** As its conditions are now they all are since the newest of their changes. */
function newestTransition(object: KubernetesObject): number | undefined {
  const status = object['status'] as { readonly conditions?: unknown } | null | undefined;
  const conditions = Array.isArray(status?.conditions) ? (status.conditions as readonly unknown[]) : [];
  const times = conditions.flatMap((one) => {
    const at = (one as { readonly lastTransitionTime?: unknown } | null)?.lastTransitionTime;
    const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return Number.isNaN(atMs) ? [] : [atMs];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
