// When an instance has to be looked at again although nothing happens. Pure.
import type { InstanceState } from './instance-state.ts';

const SOON = { firstMs: 500, longestMs: 60_000 };
const SLOWLY = { firstMs: 30_000, longestMs: 10 * 60_000 };

/** When the pass that is over began and ended, in milliseconds since the epoch. */
export interface PassTimes {
  readonly startedMs: number;
  readonly nowMs: number;
}

/**
 * Milliseconds since the epoch, or `undefined` when only an event can change anything. What became due while the pass
 * ran was not done in it, and is due now. `random` is in [0, 1).
 */
export function nextPassAtMs(
  state: InstanceState,
  { startedMs, nowMs }: PassTimes,
  random: number,
): number | undefined {
  const retries = [...state.objects.values()]
    .map(({ retryAtMs }) => retryAtMs)
    .filter((atMs) => atMs > startedMs);
  retries.push(...exceptionEnds(state, { startedMs, nowMs }));
  if (state.problem)
    retries.push(nowMs + delayMs(state.problem.sync === 'SYNCING' ? SOON : SLOWLY, state.failures, random));
  if (state.prepared?.unresolved.length) retries.push(nowMs + delayMs(SOON, UNRESOLVED_FAILURES, random));
  return retries.length === 0 ? undefined : Math.min(...retries);
}

/** What others added is accepted until then; what Git sets has its own time to be looked at again. */
function exceptionEnds({ assignment }: InstanceState, { startedMs, nowMs }: PassTimes): readonly number[] {
  const ends = assignment.syncPolicy.exceptions.map(({ until }) => Date.parse(until));
  return ends.filter((atMs) => atMs > startedMs).map((atMs) => Math.min(atMs, nowMs + A_DAY_MS));
}

// A timer cannot wait for more than 24 days.
const A_DAY_MS = 24 * 60 * 60_000;

// A kind that nobody serves may come with another instance's definition: a few seconds are soon enough.
const UNRESOLVED_FAILURES = 4;

function delayMs({ firstMs, longestMs }: typeof SOON, failures: number, random: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(0, failures - 1), 20)) * (0.5 + random / 2);
}
