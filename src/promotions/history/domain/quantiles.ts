// Median and ninetieth percentile, as people compute them by hand: between two values by linear interpolation.

/** Of durations, in whole milliseconds; `count` says of how many. */
export interface Quantiles {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly count: number;
}

/** `undefined` where there are none. */
export function quantilesOf(durationsMs: readonly number[]): Quantiles | undefined {
  if (durationsMs.length === 0) return undefined;
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return { p50Ms: at(sorted, 0.5), p90Ms: at(sorted, 0.9), count: sorted.length };
}

function at(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return Math.round(below + (above - below) * (place - Math.floor(place)));
}
