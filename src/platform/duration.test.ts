import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['0s', 0],
  ])('reads %s as %i milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '30', 's', '1.5h', '-1s', '1 h', '30S', '99999999999999999d'])(
    'does not accept "%s"',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each(['30s', '90m', '24h', '7d', '250ms', '0s', '1500ms'])(
    'writes %s so that it reads the same',
    (text) => {
      expect(parseDuration(formatDuration(parseDuration(text) ?? -1))).toBe(parseDuration(text));
    },
  );

  it('is written in the largest unit that divides it', () => {
    expect([formatDuration(86_400_000), formatDuration(5_400_000), formatDuration(1)]).toEqual([
      '1d',
      '90m',
      '1ms',
    ]);
  });
});
