// Median and worst of what was measured. Pure.
import type { Figures, Target } from '../benchmark.ts';

/** One figure over all samples of a load. */
export interface Summary {
  readonly figure: string;
  readonly median: number;
  readonly worst: number;
}

/** A target and whether the worst sample keeps it. */
export interface Verdict extends Target {
  readonly median: number;
  readonly worst: number;
  readonly isMet: boolean;
}

/** In the order in which the first sample names them; a figure that some samples lack is of those that have it. */
export function summarise(samples: readonly Figures[]): readonly Summary[] {
  const names = new Set(samples.flatMap((sample) => Object.keys(sample)));
  return [...names].map((figure) => {
    const values = samples.map((sample) => sample[figure]).filter((value) => value !== undefined);
    return { figure, median: median(values), worst: worstOf(figure, values) };
  });
}

/** The targets of one load whose figure was measured. */
export function judge(
  targets: readonly Target[],
  load: string,
  summaries: readonly Summary[],
): readonly Verdict[] {
  return targets
    .filter((target) => target.load === load)
    .flatMap((target) => {
      const found = summaries.find(({ figure }) => figure === target.figure);
      if (!found) return [];
      const { median: middle, worst } = found;
      const isMet = target.bound === 'AT_MOST' ? worst <= target.value : worst >= target.value;
      return [{ ...target, median: middle, worst, isMet }];
    });
}

/** The value below which this share of the values lies; 0 where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Of rates and shares of a rate the lowest, of everything else the highest. */
function worstOf(figure: string, values: readonly number[]): number {
  return /PerSecond$|Ratio$/.test(figure) ? Math.min(...values) : Math.max(...values);
}
