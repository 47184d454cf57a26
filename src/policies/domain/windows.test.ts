import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Weekday, WindowRule } from './policy-step.ts';
import { dayOf, isOpen, minuteOfDay, nextOpening, type WindowTimes } from './windows.ts';
import { isTimeZone } from './zone-time.ts';

const rule = (change: Partial<WindowRule>): WindowRule => ({
  days: null,
  from: null,
  to: null,
  dates: null,
  ...change,
});
const berlin = (allow: readonly WindowRule[] | null, exclude: readonly WindowRule[] = []): WindowTimes => ({
  timeZone: 'Europe/Berlin',
  allow,
  exclude,
});
const opens = (times: WindowTimes, after: string) => nextOpening(times, new Date(after))?.toISOString();
const open = (times: WindowTimes, at: string) => isOpen(times, new Date(at));

describe('a window', () => {
  it('opens and closes by the wall clock of its zone, in summer and in winter', () => {
    const office = berlin([rule({ days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '09:00', to: '17:00' })]);
    expect(open(office, '2026-07-01T07:00:00Z')).toBe(true);
    expect(open(office, '2026-07-01T15:00:00Z')).toBe(false);
    expect(open(office, '2026-01-07T07:00:00Z')).toBe(false);
    expect(opens(office, '2026-01-09T16:00:00Z')).toBe('2026-01-12T08:00:00.000Z');
    expect(opens(office, '2026-03-27T16:00:00Z')).toBe('2026-03-30T07:00:00.000Z');
  });

  it('crosses midnight, and belongs to the day on which it began', () => {
    const night = berlin([rule({ days: ['FRI'], from: '22:00', to: '02:00' })]);
    expect(open(night, '2026-07-03T20:00:00Z')).toBe(true);
    expect(open(night, '2026-07-03T23:59:00Z')).toBe(true);
    expect(open(night, '2026-07-04T00:00:00Z')).toBe(false);
    expect(open(night, '2026-07-02T23:00:00Z')).toBe(false);
    expect(opens(night, '2026-07-04T00:00:00Z')).toBe('2026-07-10T20:00:00.000Z');
  });

  it('is beaten by an exclusion, also by one that crosses midnight', () => {
    const times = berlin(null, [
      rule({ dates: ['2026-12-24', '2026-12-25'] }),
      rule({ from: '23:00', to: '06:00' }),
    ]);
    expect(open(times, '2026-12-24T12:00:00Z')).toBe(false);
    expect(open(times, '2026-12-23T12:00:00Z')).toBe(true);
    expect(opens(times, '2026-12-23T22:30:00Z')).toBe('2026-12-26T05:00:00.000Z');
  });

  it('that daylight saving skips does not open on that day', () => {
    const skipped = berlin([rule({ days: ['SUN'], from: '02:00', to: '03:00' })]);
    expect(opens(skipped, '2026-03-28T12:00:00Z')).toBe('2026-04-05T00:00:00.000Z');
  });

  it('whose beginning daylight saving skips opens when the clock jumps into it', () => {
    const cut = berlin([rule({ from: '02:30', to: '04:00' })]);
    expect(opens(cut, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('in the hour that comes twice opens twice', () => {
    const twice = berlin([rule({ from: '02:00', to: '02:30' })]);
    expect(opens(twice, '2026-10-25T00:00:00Z')).toBe('2026-10-25T00:00:00.000Z');
    expect(opens(twice, '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:00:00.000Z');
    expect(opens(twice, '2026-10-25T01:30:00Z')).toBe('2026-10-26T01:00:00.000Z');
  });

  it('on dates only opens however far they are, and not any more once they are over', () => {
    const times = berlin([rule({ dates: ['2029-02-28'], from: '23:00', to: '01:00' })]);
    expect(opens(times, '2026-01-01T00:00:00Z')).toBe('2029-02-28T22:00:00.000Z');
    expect(opens(times, '2029-03-01T00:00:00Z')).toBeUndefined();
  });

  it('that is wholly excluded never opens', () => {
    const times = berlin([rule({ days: ['MON'], from: '10:00', to: '12:00' })], [rule({ days: ['MON'] })]);
    expect(opens(times, '2026-01-01T00:00:00Z')).toBeUndefined();
  });
});

describe('times and dates', () => {
  it.each([
    ['00:00', 0],
    ['23:59', 1_439],
    ['24:00', 1_440],
    ['24:01', undefined],
    ['9:00', undefined],
    ['12:60', undefined],
    ['', undefined],
  ])('reads "%s" as %s', (text, minutes) => expect(minuteOfDay(text)).toBe(minutes));

  it.each([
    ['1970-01-02', 1],
    ['2026-02-30', undefined],
    ['2028-02-29', 21_243],
    ['2026-2-3', undefined],
  ])('reads "%s" as day %s', (text, day) => expect(dayOf(text)).toBe(day));

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['+02:00', false],
    ['', false],
  ])('knows whether "%s" is a zone', (zone, is) => expect(isTimeZone(zone)).toBe(is));
});

describe('over the changes of daylight saving', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Africa/Casablanca',
    'Asia/Kolkata',
    'Pacific/Auckland',
  ];
  const days: Weekday[] = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
  // Days around which one of the zones above changes its offset in 2026, and some quiet ones.
  const around = [
    '2026-02-15',
    '2026-03-08',
    '2026-03-22',
    '2026-03-29',
    '2026-04-05',
    '2026-07-01',
    '2026-09-27',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
    '2026-12-31',
  ];
  const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const text = (value: number) => String(value).padStart(2, '0');
    return `${text(Math.floor(quarter / 4))}:${text((quarter % 4) * 15)}`;
  });
  const someRule = fc
    .record({
      days: fc.option(fc.subarray(days, { minLength: 1 })),
      from: fc.option(clock),
      to: fc.option(clock),
      dates: fc.option(fc.subarray(around, { minLength: 1 }), { freq: 4 }),
    })
    .filter(({ from, to }) => from === null || from !== to);
  const someTimes: fc.Arbitrary<WindowTimes> = fc.record({
    timeZone: fc.constantFrom(...zones),
    allow: fc.option(fc.array(someRule, { minLength: 1, maxLength: 3 })),
    exclude: fc.array(someRule, { maxLength: 2 }),
  });
  const someInstant = fc
    .tuple(fc.constantFrom(...around), fc.integer({ min: -2_880, max: 2_880 }))
    .map(([date, minutes]) => Date.parse(`${date}T12:00:00Z`) + minutes * 60_000);

  // The same question asked of the words that the runtime prints for the zone, rule by rule.
  function covers(window: WindowRule, zone: string, at: number): boolean {
    const says = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
    const [date = '', time = ''] = says.split(' ');
    const yesterday = new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    const bounds = { from: window.from ?? '00:00', to: window.to ?? '24:00' };
    return contains(bounds, time, [fits(window, date), fits(window, yesterday)]);
  }

  function contains(
    bounds: { from: string; to: string },
    time: string,
    [today, yesterday]: readonly [boolean, boolean],
  ) {
    const [started, going] = [time >= bounds.from, time < bounds.to];
    if (bounds.from < bounds.to) return today && started && going;
    return (started && today) || (going && yesterday);
  }

  function fits({ days: on, dates }: WindowRule, date: string): boolean {
    const weekday = days[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7]!;
    return (on?.includes(weekday) ?? true) && (dates?.includes(date) ?? true);
  }

  it('is open exactly when the clock on the wall says so', () => {
    fc.assert(
      fc.property(someTimes, someInstant, (times, at) => {
        const told = (rules: readonly WindowRule[]) => rules.some((each) => covers(each, times.timeZone, at));
        const expected = (times.allow === null || told(times.allow)) && !told(times.exclude);
        expect(isOpen(times, new Date(at))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the first open minute that looking at every minute finds', () => {
    const SCANNED_MINUTES = 3 * 1_440;
    fc.assert(
      fc.property(someTimes, someInstant, (times, start) => {
        const next = nextOpening(times, new Date(start))?.getTime();
        const minutes = Array.from({ length: SCANNED_MINUTES / 15 }, (_, index) => start + index * 900_000);
        // Zones and rules change at quarters of an hour, so looking at each quarter's beginning misses nothing.
        const base = Math.floor(start / 900_000) * 900_000;
        const scanned = [start, ...minutes.map((at) => at - start + base + 900_000)].find((at) =>
          isOpen(times, new Date(at)),
        );
        if (scanned !== undefined) expect(next).toBe(scanned);
        else if (next !== undefined) expect(next).toBeGreaterThanOrEqual(base + SCANNED_MINUTES * 60_000);
      }),
      { numRuns: 400 },
    );
  });

  it('is open at its next opening, and closed right before it where that lies ahead', () => {
    fc.assert(
      fc.property(someTimes, someInstant, (times, start) => {
        const next = nextOpening(times, new Date(start));
        if (!next) return;
        expect(isOpen(times, next)).toBe(true);
        if (next.getTime() > start) expect(isOpen(times, new Date(next.getTime() - 1))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
