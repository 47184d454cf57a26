// What a wave's targets say together: goes on, has passed, has failed, or cannot be judged.
import type { TargetState } from './promotion.ts';

/** How many targets of a wave are in each state. */
export type TargetTally = Readonly<Partial<Record<TargetState, number>>>;

/** The verdict on a wave; EMPTY: nothing is left that could be counted. */
export type WaveVerdict = 'MOVING' | 'PASSED' | 'FAILED' | 'EMPTY';

/**
 * A target that failed or timed out fails the wave: the failure budget is 0.
 * Offline targets are left out of the count and catch up when they return; removed ones are gone. When nobody is left
 * the wave is EMPTY: it may neither pass (nobody proved anything) nor fail.
 */
export function judgeWave(tally: TargetTally): WaveVerdict {
  if (count(tally, 'FAILED', 'TIMED_OUT') > 0) return 'FAILED';
  if (count(tally, 'PENDING', 'ASSIGNED', 'APPLYING') > 0) return 'MOVING';
  return count(tally, 'READY', 'BAKED') > 0 ? 'PASSED' : 'EMPTY';
}

/** The sum over some states. */
export function count(tally: TargetTally, ...states: readonly TargetState[]): number {
  return states.reduce((sum, state) => sum + (tally[state] ?? 0), 0);
}
