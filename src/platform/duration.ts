// Durations as people write them ("30s", "15m", "24h", "7d"); inside they are milliseconds.

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

const largestFirst: readonly Unit[] = ['d', 'h', 'm', 's', 'ms'];

/** Milliseconds, or `undefined` where the text is no duration. Parts add up: `1h30m`. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit as Unit], 0);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** The one text of a duration, in the largest unit that divides it: 90 minutes are `90m`. */
export function formatDuration(durationMs: number): string {
  const whole = Math.max(0, Math.round(durationMs));
  if (whole === 0) return '0s';
  const unit = largestFirst.find((candidate) => whole % unitMs[candidate] === 0) ?? 'ms';
  return `${whole / unitMs[unit]}${unit}`;
}
