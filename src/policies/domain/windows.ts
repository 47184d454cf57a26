// When a window gate is open. Rules speak of the wall clock of the gate's zone, and that clock alone decides: a time
// that daylight saving skips does not open, one that comes twice opens twice. Exclusion beats allowance.
import type { WindowRule, Weekday } from './policy-step.ts';
import { DAY_MS, instantsOf, offsetChange, wallClock } from './zone-time.ts';

/** What a window gate says. */
export interface WindowTimes {
  /** IANA name. */
  readonly timeZone: string;
  /** null: always, but for what is excluded. */
  readonly allow: readonly WindowRule[] | null;
  readonly exclude: readonly WindowRule[];
}

/** Part of a day, in milliseconds of its wall clock; the end is not included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** How far ahead an opening is looked for; dates that a rule names are found however far they are. */
const HORIZON_DAYS = 400;

const weekdays: readonly Weekday[] = ['THU', 'FRI', 'SAT', 'SUN', 'MON', 'TUE', 'WED'];

/** Whether the gate lets anything through at `at`. */
export function isOpen(times: WindowTimes, at: Date): boolean {
  const wall = wallClock(times.timeZone, at.getTime());
  const day = Math.floor(wall / DAY_MS);
  return openSpans(times, day).some((span) => within(span, wall - day * DAY_MS));
}

/** The first instant at or after `after` at which the gate is open; `undefined`: it does not open any more. */
export function nextOpening(times: WindowTimes, after: Date): Date | undefined {
  for (const day of daysToLookAt(times, after)) {
    const openings = openSpans(times, day).map((span) =>
      firstInstantIn(times, { day, span }, after.getTime()),
    );
    const first = Math.min(...openings.filter((at) => at !== undefined));
    if (Number.isFinite(first)) return new Date(first);
  }
  return undefined;
}

/** Minutes of `HH:MM`; `24:00` is the day's end. `undefined` where the text is no time. */
export function minuteOfDay(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 1_440 ? minutes : undefined;
}

/** The day of `YYYY-MM-DD`, counted from 1970-01-01; `undefined` where the calendar has no such date. */
export function dayOf(date: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || dateOf(at / DAY_MS) !== date ? undefined : at / DAY_MS;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function daysToLookAt({ timeZone, allow }: WindowTimes, after: Date): number[] {
  const today = Math.floor(wallClock(timeZone, after.getTime()) / DAY_MS);
  const soon = Array.from({ length: HORIZON_DAYS }, (_, index) => today + index);
  // A named date matters on the day after as well: its window may cross midnight.
  const named = (allow ?? [])
    .flatMap(({ dates }) => dates ?? [])
    .flatMap((date) => {
      const day = dayOf(date);
      return day === undefined ? [] : [day, day + 1];
    });
  const later = named.filter((day) => day >= today + HORIZON_DAYS).toSorted((a, b) => a - b);
  return [...soon, ...later];
}

function openSpans({ allow, exclude }: WindowTimes, day: number): Span[] {
  const allowed = allow === null ? [{ from: 0, to: DAY_MS }] : allow.flatMap((rule) => spansOn(rule, day));
  const excluded = exclude.flatMap((rule) => spansOn(rule, day));
  return excluded
    .reduce<readonly Span[]>((left, hole) => left.flatMap((span) => without(span, hole)), allowed)
    .slice();
}

// What a rule covers of one day: its own window, and the rest of yesterday's that crossed midnight.
function spansOn(rule: WindowRule, day: number): Span[] {
  const from = msOf(rule.from, 0);
  const to = msOf(rule.to, DAY_MS);
  if (from < to) return matchesDay(rule, day) ? [{ from, to }] : [];
  const evening = matchesDay(rule, day) ? [{ from, to: DAY_MS }] : [];
  const morning = matchesDay(rule, day - 1) ? [{ from: 0, to }] : [];
  return [...morning, ...evening].filter((span) => span.from < span.to);
}

function msOf(text: string | null, otherwise: number): number {
  const minutes = text === null ? undefined : minuteOfDay(text);
  return minutes === undefined ? otherwise : minutes * 60_000;
}

function matchesDay({ days, dates }: WindowRule, day: number): boolean {
  const weekday = weekdays[((day % 7) + 7) % 7];
  const rightDay = days === null || (weekday !== undefined && days.includes(weekday));
  return rightDay && (dates === null || dates.includes(dateOf(day)));
}

function without(span: Span, hole: Span): Span[] {
  const before = { from: span.from, to: Math.min(span.to, hole.from) };
  const behind = { from: Math.max(span.from, hole.to), to: span.to };
  if (hole.to <= span.from || hole.from >= span.to) return [span];
  return [before, behind].filter(({ from, to }) => from < to);
}

function within({ from, to }: Span, time: number): boolean {
  return time >= from && time < to;
}

// A span begins where the clock shows its first minute, where the clock jumps into it, or right now.
function firstInstantIn(
  { timeZone }: WindowTimes,
  { day, span }: { readonly day: number; readonly span: Span },
  after: number,
): number | undefined {
  const midnight = day * DAY_MS;
  const jump = offsetChange(timeZone, midnight - DAY_MS, midnight + 2 * DAY_MS);
  const candidates = [
    after,
    ...instantsOf(timeZone, midnight + span.from),
    ...(jump === undefined ? [] : [jump]),
  ];
  return candidates
    .toSorted((a, b) => a - b)
    .find((at) => at >= after && within(span, wallClock(timeZone, at) - midnight));
}
