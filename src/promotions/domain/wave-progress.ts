// What a wave's targets say together, by the wave's rule: who counts, what it bears, whether it has passed.
import type { OfflineRule, WaveRule } from '../../policies/domain/policy-step.ts';
import type { TargetState, WaveState } from './promotion.ts';

/** How many targets of a wave are in each state. */
export type TargetTally = Readonly<Partial<Record<TargetState, number>>>;

/** A wave as it stands now. */
export interface WaveFacts {
  readonly id: bigint;
  readonly position: number;
  readonly rule: WaveRule;
  readonly state: WaveState;
  readonly tally: TargetTally;
  /** Targets whose evidence speaks against them, though some of them count as ready within the grace. */
  readonly unwell: number;
  /** PENDING targets that have no bundle yet: their clusters joined while the bundles of the others were rendered. */
  readonly unrendered: number;
}

/** Targets that left or cannot be rendered count neither for nor against the wave. */
export function counted({ tally }: Pick<WaveFacts, 'tally'>): number {
  const { REMOVED: _removed, SKIPPED: _skipped, ...rest } = tally;
  return Object.values(rest).reduce((sum, each) => sum + each, 0);
}

/** Targets that failed or took too long. */
export function failures({ tally }: Pick<WaveFacts, 'tally'>): number {
  return count(tally, 'FAILED', 'TIMED_OUT');
}

/** More failed than the wave bears, or everything did: then nobody has proved anything. */
export function exceedsFailures(wave: WaveFacts): boolean {
  const { maxFailures, maxFailuresPercent } = wave.rule;
  const failed = failures(wave);
  return (
    failed > allowance(maxFailures, maxFailuresPercent, wave, 0) || (failed > 0 && failed === counted(wave))
  );
}

/** More are silent than the wave bears before it pauses; without a bound it bears any number. */
export function exceedsOffline(wave: WaveFacts): boolean {
  const { maxOffline, maxOfflinePercent } = wave.rule;
  return count(wave.tally, 'OFFLINE') > allowance(maxOffline, maxOfflinePercent, wave, Infinity);
}

/** Targets that could begin now. */
export function waiting({ tally, unrendered }: Pick<WaveFacts, 'tally' | 'unrendered'>): number {
  return count(tally, 'PENDING') - unrendered;
}

/** How many more may begin now: as many at once as the rule allows, those that were not yet ready. */
export function room(wave: WaveFacts): number {
  const { maxConcurrent, maxConcurrentPercent } = wave.rule;
  const share = Math.ceil(((maxConcurrentPercent ?? 100) * counted(wave)) / 100);
  const bound = maxConcurrent ?? (maxConcurrentPercent === null ? Infinity : Math.max(1, share));
  return Math.max(0, bound - count(wave.tally, 'ASSIGNED', 'APPLYING'));
}

/** Every target that counts has the release and is healthy on it; what they still must prove is that it lasts. */
export function allReady(wave: WaveFacts, offline: OfflineRule): boolean {
  const open = count(wave.tally, 'PENDING', 'ASSIGNED', 'APPLYING');
  const awaited = offline === 'WAIT' ? count(wave.tally, 'OFFLINE') : 0;
  return open === 0 && awaited === 0 && count(wave.tally, 'READY', 'BAKED') > 0;
}

/** They also stayed healthy for as long as the rule asks; offline ones alone never prove that. */
export function allBaked(wave: WaveFacts, offline: OfflineRule): boolean {
  return allReady(wave, offline) && (wave.rule.bakeMs === 0 || count(wave.tally, 'READY') === 0);
}

/** The sum over some states. */
export function count(tally: TargetTally, ...states: readonly TargetState[]): number {
  return states.reduce((sum, state) => sum + (tally[state] ?? 0), 0);
}

function allowance(
  absolute: number | null,
  percent: number | null,
  wave: WaveFacts,
  otherwise: number,
): number {
  if (absolute !== null) return absolute;
  return percent === null ? otherwise : Math.floor((percent * counted(wave)) / 100);
}
