import { expect, it } from 'vitest';
import { HealLedger, IMMEDIATE_HEALS } from './heal-ledger.ts';

const MINUTE = 60_000;
const healedTimes = (times: number, path = 'spec.replicas') => {
  const ledger = new HealLedger();
  for (let count = 0; count < times; count += 1) ledger.record('a', [path], 0);
  return ledger;
};

it('heals the first times at once', () => {
  const ledger = healedTimes(IMMEDIATE_HEALS - 1);
  expect([ledger.isCalm('a', 0), ledger.healAtMs('a', ['spec.replicas'], 0)]).toEqual([true, 0]);
});

it('then waits 1 s and doubles up to 5 min', () => {
  const waits = [0, 1, 2, 3, 30].map((more) =>
    healedTimes(IMMEDIATE_HEALS + more).healAtMs('a', ['spec.replicas'], 0),
  );
  expect(waits).toEqual([1000, 2000, 4000, 8000, 5 * MINUTE]);
});

it('does not let one contested field hold up another', () => {
  const ledger = healedTimes(IMMEDIATE_HEALS + 5);
  expect(ledger.healAtMs('a', ['spec.replicas', 'spec.paused'], 10)).toBe(10);
  expect(ledger.isCalm('b', 0)).toBe(true);
});

it('starts anew after ten calm minutes, and when it is told to forget', () => {
  const ledger = healedTimes(IMMEDIATE_HEALS);
  expect([ledger.isCalm('a', 10 * MINUTE), ledger.isCalm('a', 10 * MINUTE + 1)]).toEqual([false, true]);
  const other = healedTimes(IMMEDIATE_HEALS);
  other.forget('a');
  expect(other.isCalm('a', 0)).toBe(true);
});
