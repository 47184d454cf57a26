import { expect, it } from 'vitest';
import { RuleBudget } from './rule-budget.ts';

const START_MS = 1_000_000;

it('lets rules have a tenth of the time', () => {
  const budget = new RuleBudget();
  const spent = Array.from({ length: 100 }, (_, second) => budget.spend(99, START_MS + second * 1_000));
  expect(new Set(spent)).toEqual(new Set([undefined]));
});

it('makes rules that take more rest, ever longer, and forgives them once they keep to their share', () => {
  const budget = new RuleBudget();
  let nowMs = START_MS;
  const rest = (): number | undefined => {
    const restMs = budget.spend(1_200, nowMs) ?? 0;
    expect([budget.isResting(nowMs), budget.isResting(nowMs + restMs - 1)]).toEqual([true, true]);
    nowMs += restMs;
    expect(budget.isResting(nowMs)).toBe(false);
    return restMs;
  };
  const rests = Array.from({ length: 8 }, rest);
  expect(rests).toEqual([10, 20, 40, 80, 160, 320, 600, 600].map((seconds) => seconds * 1_000));
  budget.spend(5, nowMs);
  nowMs += 20_000;
  expect(rest()).toBe(10_000);
});

it('ends a rest where the clock was set back, however far', () => {
  const budget = new RuleBudget();
  budget.spend(1_200, START_MS);
  expect(budget.isResting(START_MS + 1)).toBe(true);
  expect(budget.isResting(START_MS - 3_600_000)).toBe(false);
});
