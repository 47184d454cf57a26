// Whether memory grows: a straight line through samples. Pure.

/** Memory at a moment. */
export interface MemorySample {
  readonly atMs: number;
  readonly bytes: number;
}

const HOUR_MS = 3_600_000;

/** Bytes per hour by least squares; 0 for fewer than two samples. */
export function growthPerHour(samples: readonly MemorySample[]): number {
  const [meanAt, meanBytes] = [
    mean(samples.map(({ atMs }) => atMs)),
    mean(samples.map(({ bytes }) => bytes)),
  ];
  const spread = sum(samples.map(({ atMs }) => (atMs - meanAt) ** 2));
  if (spread === 0) return 0;
  const slope = sum(samples.map(({ atMs, bytes }) => (atMs - meanAt) * (bytes - meanBytes))) / spread;
  return slope * HOUR_MS;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);
