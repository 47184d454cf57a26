import { describe, expect, it } from 'vitest';
import { growthPerHour } from './memory-trend.ts';

const everyMinute = (...megabytes: number[]) =>
  megabytes.map((mb, minute) => ({ atMs: minute * 60_000, bytes: mb * 1e6 }));

describe('the growth of memory', () => {
  it('is that of its heights', () => {
    // From the highest of the first two minutes, 110, to that of the last two, 130.
    expect(growthPerHour(everyMinute(100, 110, 120, 130, 130))).toBeCloseTo(600e6);
  });

  it('is none where memory falls and comes back to where it was', () => {
    expect(growthPerHour(everyMinute(364, 213, 336, 349, 356, 361, 363, 364))).toBe(0);
  });

  it('is none where there is nothing to compare', () => {
    expect([growthPerHour([]), growthPerHour([{ atMs: 1, bytes: 5 }])]).toEqual([0, 0]);
  });
});
