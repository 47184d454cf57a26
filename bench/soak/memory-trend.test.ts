import { describe, expect, it } from 'vitest';
import { growthPerHour } from './memory-trend.ts';

describe('the growth of memory', () => {
  it('is that of the line through the samples', () => {
    const samples = [0, 1, 2, 3].map((minute) => ({ atMs: minute * 60_000, bytes: 1_000 + minute * 10 }));
    expect(growthPerHour(samples)).toBeCloseTo(600);
  });

  it('is none where there is nothing to compare', () => {
    expect([growthPerHour([]), growthPerHour([{ atMs: 1, bytes: 5 }])]).toEqual([0, 0]);
  });
});
