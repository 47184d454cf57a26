import { expect, it } from 'vitest';
import { RuleBudget } from './rule-budget.ts';

const START_MS = 1_000_000;

it('lets rules have a tenth of the time', () => {
  const budget = new RuleBudget();
  const spent = Array.from({ length: 100 }, (_, second) => budget.spend(99, START_MS + second * 1_000));
  expect(spent).not.toContain(true);
});

it('makes rules that take more rest, ever longer, and forgives them once they keep to their share', () => {
  const budget = new RuleBudget();
  let nowMs = START_MS;
  const rest = (): number => {
    expect(budget.spend(1_200, nowMs)).toBe(true);
    const until = budget.restsUntil(nowMs) ?? Number.NaN;
    const lastedMs = until - nowMs;
    nowMs = until;
    expect(budget.restsUntil(nowMs)).toBeUndefined();
    return lastedMs;
  };
  const rests = Array.from({ length: 8 }, rest);
  expect(rests).toEqual([10, 20, 40, 80, 160, 320, 600, 600].map((seconds) => seconds * 1_000));
  budget.spend(5, nowMs);
  nowMs += 20_000;
  expect(rest()).toBe(10_000);
});
