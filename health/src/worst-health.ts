// From the objects of an instance to the one word for it.
import { healthiestToWorst } from '@fairlead/protocol/health';
import { type ObjectRef, resourceId, subject } from '@fairlead/protocol/resource-id';
import type { HealthVerdict } from './health-verdict.ts';

/** One object of an instance with its verdict. */
export interface ObjectHealth extends ObjectRef, HealthVerdict {
  /** Since when it is what it is, in milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** It runs around a release and is no part of what the release brings: it does not hold the instance back. */
  readonly isHook?: boolean;
}

/** The health of an instance; `message` names the object that decides. */
export interface InstanceHealth extends HealthVerdict {
  /** The worst object, of several the first by id; absent when all are healthy. */
  readonly deciding?: ObjectRef;
  /** How many objects besides the deciding one are not HEALTHY. */
  readonly others: number;
  /** Since when the deciding object is what it is, where that is known. */
  readonly sinceMs?: number;
}

/** The worst of all objects but hooks. An instance without objects is HEALTHY and says that it has none. */
export function worstHealth(objects: readonly ObjectHealth[]): InstanceHealth {
  const judged = objects.filter(({ isHook }) => isHook !== true);
  const ailing = judged.filter(({ health }) => health !== 'HEALTHY');
  const [first, ...rest] = ailing;
  if (!first) return allHealthy(judged.length);
  const worst = rest.reduce((decides, object) => (isWorse(object, decides) ? object : decides), first);
  const { health, reason } = worst;
  const { sinceMs } = worst;
  const message = `${subject(worst)}: ${worst.message}${sinceWords(sinceMs)}${andOthers(rest.length)}`;
  return {
    health,
    reason,
    message,
    deciding: refOf(worst),
    others: rest.length,
    ...(sinceMs !== undefined && { sinceMs }),
    ...recheckOf(ailing),
  };
}

function allHealthy(count: number): InstanceHealth {
  if (count === 0) {
    return { health: 'HEALTHY', reason: 'NoObjects', message: 'there are no objects to judge', others: 0 };
  }
  const message = count === 1 ? 'its one object is healthy' : `all ${count} objects are healthy`;
  return { health: 'HEALTHY', reason: 'AllHealthy', message, others: 0 };
}

function isWorse(a: ObjectHealth, b: ObjectHealth): boolean {
  const difference = rank(a) - rank(b);
  return difference === 0 ? resourceId(a) < resourceId(b) : difference > 0;
}

function rank({ health }: HealthVerdict): number {
  return healthiestToWorst.indexOf(health);
}

/** A moment, never a duration: equal facts give equal words however late they are looked at. */
function sinceWords(sinceMs: number | undefined): string {
  return sinceMs === undefined ? '' : ` (since ${new Date(sinceMs).toISOString().replace(/\.\d+Z$/, 'Z')})`;
}

function andOthers(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '; 1 other object is not healthy' : `; ${count} other objects are not healthy`;
}

function refOf({ apiVersion, kind, namespace, name }: ObjectRef): ObjectRef {
  return { apiVersion, kind, name, ...(namespace && { namespace }) };
}

function recheckOf(objects: readonly HealthVerdict[]): { recheckAtMs?: number } {
  const times = objects.flatMap(({ recheckAtMs }) => recheckAtMs ?? []);
  return times.length > 0 ? { recheckAtMs: Math.min(...times) } : {};
}
