// What can be wrong with a window gate: its zone, its times, and that it never opens.
import type { WindowRule } from './policy-step.ts';
import { dayOf, minuteOfDay, nextOpening, type WindowTimes } from './windows.ts';
import { isTimeZone } from './zone-time.ts';

/** Problems of one window gate, as seen at `now`. */
export function windowProblems(times: WindowTimes, now: Date): string[] {
  const { timeZone, allow, exclude } = times;
  const problems = [
    ...(isTimeZone(timeZone) ? [] : [`timeZone "${timeZone}" is no IANA zone, such as "Europe/Berlin".`]),
    ...(allow === null && exclude.length === 0 ? ['it needs allow or exclude.'] : []),
    ...[...(allow ?? []), ...exclude].flatMap(ruleProblems),
  ];
  if (problems.length > 0) return problems;
  return nextOpening(times, now) === undefined ? ['it never opens.'] : [];
}

function ruleProblems({ days, from, to, dates }: WindowRule): string[] {
  const bounds = [from, to].filter((text) => text !== null);
  return [
    ...bounds
      .filter((text) => minuteOfDay(text) === undefined)
      .map((text) => `"${text}" is no time, such as "22:00".`),
    ...(from !== null && from === to
      ? [`from and to are both "${from}": leave both out for a whole day.`]
      : []),
    ...(from === '24:00' ? ['from must be before "24:00".'] : []),
    ...(days?.length === 0 ? ['days is empty: leave it out for every day.'] : []),
    ...(dates?.length === 0 ? ['dates is empty: leave it out for every date.'] : []),
    ...(dates ?? [])
      .filter((date) => dayOf(date) === undefined)
      .map((date) => `"${date}" is no date, such as "2026-12-24".`),
  ];
}
