// What the hub orders until a time, in the words of the agent's own clock: a wrong one must not end it early or late. Pure.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { HubClock } from './hub-clock.ts';

/** The assignment with the ends of its exceptions as the agent's clock will show them. */
export function inOwnTime(assignment: Assignment, hubClock: Pick<HubClock, 'toOwn'>): Assignment {
  const { syncPolicy } = assignment;
  if (syncPolicy.exceptions.length === 0) return assignment;
  const exceptions = syncPolicy.exceptions.map((exception) => ({
    ...exception,
    until: new Date(hubClock.toOwn(Date.parse(exception.until))).toISOString(),
  }));
  return { ...assignment, syncPolicy: { ...syncPolicy, exceptions } };
}

/** Whether a difference of the clocks, once it is known, makes another order of it. */
export function dependsOnTime({ syncPolicy, tombstone }: Assignment): boolean {
  return tombstone === undefined && syncPolicy.exceptions.length > 0;
}
