// A status without a generation may still speak of what stood there before our apply.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, type RelatedObjects, progressing } from './health-verdict.ts';
import { type Fields, fields, fieldsList, wholeNumber } from './read-fields.ts';

/**
 * How long a controller that writes no `observedGeneration` may take to look at what we applied. One that finds
 * nothing to change writes nothing, so its old status has to count after that.
 */
export const SETTLING_GRACE_MS = 10_000;

/**
 * The verdict, but not HEALTHY on the strength of a status that nobody has written since our apply: as long as the
 * object stands at the very resourceVersion that the apply made, until the grace is over.
 */
export function whileSettling(
  object: KubernetesObject,
  verdict: HealthVerdict,
  { applied, nowMs }: RelatedObjects,
): HealthVerdict {
  if (!applied || verdict.health !== 'HEALTHY') return verdict;
  if (fields(object.metadata)['resourceVersion'] !== applied.resourceVersion) return verdict;
  if (!reportsWithoutGeneration(fields(object['status']))) return verdict;
  const overAtMs = applied.atMs + SETTLING_GRACE_MS;
  if (nowMs !== undefined && nowMs >= overAtMs) return verdict;
  const waits = progressing('NotObserved', 'its controller has not written its status since the last apply');
  return { ...waits, recheckAtMs: overAtMs };
}

/** Only conditions are a controller's report on the whole object; other fields of a status may stand for ever. */
function reportsWithoutGeneration(status: Fields): boolean {
  const conditions = fieldsList(status['conditions']);
  const seen = [status, ...conditions].some((of) => wholeNumber(of['observedGeneration']) !== undefined);
  return conditions.length > 0 && !seen;
}
