// The wall clock of an IANA time zone: which time it shows at an instant, and at which instants it shows a time.
// The zones' rules come from the runtime (Intl), so an update of Node.js brings new ones.

export const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the runtime knows the zone. */
export function isTimeZone(zone: string): boolean {
  // "+02:00" is an offset, which knows no daylight saving: people who write it mean a place.
  return /^[A-Za-z]/.test(zone) && formatOf(zone) !== undefined;
}

/** What the zone's clock shows at an instant, as milliseconds since 1970-01-01T00:00 on that clock. */
export function wallClock(zone: string, at: number): number {
  return at + offsetAt(zone, at);
}

/** The instants at which the zone's clock shows a time: one; none in a gap; two where the hour comes twice. */
export function instantsOf(zone: string, wall: number): number[] {
  // No zone changes its offset twice within two days, so the offsets a day before and after are all that can apply.
  const offsets = [offsetAt(zone, wall - DAY_MS), offsetAt(zone, wall + DAY_MS)];
  const found = offsets.map((offset) => wall - offset).filter((at) => wallClock(zone, at) === wall);
  return [...new Set(found)].toSorted((a, b) => a - b);
}

/** The instant between two at which the zone's offset changes; `undefined` where both have the same. */
export function offsetChange(zone: string, from: number, to: number): number | undefined {
  const before = offsetAt(zone, from);
  if (before === offsetAt(zone, to)) return undefined;
  let [low, high] = [from, to];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetAt(zone: string, at: number): number {
  const seconds = Math.floor(at / 1_000) * 1_000;
  const parts = new Map(
    formatOf(zone)
      ?.formatToParts(seconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
  const date = Date.UTC(part('year'), part('month') - 1, part('day'));
  const wall = date + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000;
  if (Number.isNaN(wall)) throw new Error(`"${zone}" is no time zone that this runtime knows.`);
  return wall - seconds;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const options = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    } as const;
    const format = new Intl.DateTimeFormat('en-US', {
      ...options,
      second: 'numeric',
      hourCycle: 'h23',
      timeZone: zone,
    });
    formats.set(zone, format);
    return format;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
