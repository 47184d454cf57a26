// Whether memory grows: how much higher it rises later than before. Pure.

/** Memory at a moment. */
export interface MemorySample {
  readonly atMs: number;
  readonly bytes: number;
}

const HOUR_MS = 3_600_000;

/**
 * Bytes per hour between the highest of the first half of the time and the highest of the second; 0 without samples in
 * both. A heap that is collected late falls and rises again, which a line through all samples would take for growth; a leak
 * lifts the heights.
 */
export function growthPerHour(samples: readonly MemorySample[]): number {
  const times = samples.map(({ atMs }) => atMs);
  const middle = (Math.min(...times) + Math.max(...times)) / 2;
  const [early, late] = [
    samples.filter(({ atMs }) => atMs < middle),
    samples.filter(({ atMs }) => atMs >= middle),
  ];
  if (early.length === 0 || late.length === 0) return 0;
  const halfMs = middle - Math.min(...times);
  return ((highest(late) - highest(early)) / halfMs) * HOUR_MS;
}

const highest = (samples: readonly MemorySample[]) => Math.max(...samples.map(({ bytes }) => bytes));
