import { expect, it } from 'vitest';
import { CONTESTED_AFTER, HealLedger, IMMEDIATE_HEALS } from './heal-ledger.ts';

const MINUTE = 60_000;
const REPLICAS = { path: 'spec.replicas', manager: 'kubectl' };
const NOBODYS = { path: 'spec.replicas' };
const healedTimes = (times: number, changed: { path: string; manager?: string } = NOBODYS, atMs = 0) => {
  const ledger = new HealLedger();
  for (let count = 0; count < times; count += 1) ledger.record('a', [changed], atMs);
  return ledger;
};

it('heals the first times at once', () => {
  const ledger = healedTimes(IMMEDIATE_HEALS - 1);
  expect([ledger.isCalm('a', 0), ledger.judge('a', NOBODYS, 0)]).toEqual([true, { kind: 'DUE' }]);
});

it('then waits 1 s and doubles up to 5 min, for as long as nobody knows who takes it back', () => {
  const waits = [0, 1, 2, 3, 30].map((more) => healedTimes(IMMEDIATE_HEALS + more).judge('a', NOBODYS, 0));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 5 * MINUTE].map((untilMs) => ({ kind: 'WAITS', untilMs })));
});

it('does not let one field hold up another', () => {
  const ledger = healedTimes(CONTESTED_AFTER, REPLICAS);
  ledger.judge('a', REPLICAS, 0);
  expect(ledger.judge('a', { path: 'spec.paused', manager: 'kubectl' }, 10)).toEqual({ kind: 'DUE' });
  expect(ledger.isCalm('b', 0)).toBe(true);
});

it('starts anew after ten calm minutes, and when it is told to forget', () => {
  const ledger = healedTimes(IMMEDIATE_HEALS);
  expect([ledger.isCalm('a', 10 * MINUTE), ledger.isCalm('a', 10 * MINUTE + 1)]).toEqual([false, true]);
  const other = healedTimes(IMMEDIATE_HEALS);
  other.forget('a');
  expect(other.isCalm('a', 0)).toBe(true);
});

it('stops where one manager takes a field back for the fifth time in ten minutes', () => {
  const ledger = new HealLedger();
  for (let heal = 0; heal < CONTESTED_AFTER; heal += 1) {
    expect(ledger.judge('a', REPLICAS, heal * MINUTE)).toEqual({ kind: 'DUE' });
    ledger.record('a', [REPLICAS], heal * MINUTE);
  }
  const nowMs = CONTESTED_AFTER * MINUTE;
  const untilMs = nowMs + 10 * MINUTE;
  expect(ledger.judge('a', REPLICAS, nowMs)).toEqual({ kind: 'CONTESTED', untilMs });
  expect(ledger.contested('a', nowMs)).toEqual([{ ...REPLICAS, untilMs }]);
  expect(ledger.contested('a', untilMs)).toEqual([]);
});

it('takes no slow to and fro, and no several managers, for a contest', () => {
  const slow = new HealLedger();
  for (let heal = 0; heal < 20; heal += 1) slow.record('a', [REPLICAS], heal * 3 * MINUTE);
  expect(slow.judge('a', REPLICAS, 60 * MINUTE).kind).not.toBe('CONTESTED');
  const several = new HealLedger();
  for (let heal = 0; heal < 8; heal += 1) {
    several.record('a', [{ path: REPLICAS.path, manager: `tool-${heal % 4}` }], heal);
  }
  expect(several.judge('a', REPLICAS, 10).kind).not.toBe('CONTESTED');
});

it('tries once when a contest is over, and waits twice as long where the field is taken back again', () => {
  const ledger = healedTimes(CONTESTED_AFTER, REPLICAS);
  ledger.judge('a', REPLICAS, 0);
  expect(ledger.judge('a', REPLICAS, 10 * MINUTE)).toEqual({ kind: 'DUE' });
  ledger.record('a', [REPLICAS], 10 * MINUTE);
  expect(ledger.judge('a', REPLICAS, 11 * MINUTE)).toEqual({ kind: 'CONTESTED', untilMs: 31 * MINUTE });
});

it("ends a contest at a person's word, and takes one up that an earlier life had begun", () => {
  const ledger = new HealLedger();
  ledger.restoreContest('a', REPLICAS, 0);
  expect(ledger.judge('a', REPLICAS, 1).kind).toBe('CONTESTED');
  ledger.forget('a', REPLICAS.path);
  expect(ledger.judge('a', REPLICAS, 1)).toEqual({ kind: 'DUE' });
});
