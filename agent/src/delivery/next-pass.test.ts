import type { Assignment } from '@fairlead/protocol/assignment';
import { describe, expect, it } from 'vitest';
import { DriftBook } from '../drift/drift-book.ts';
import { newInstanceState, type InstanceState } from './instance-state.ts';
import { nextPassAtMs } from './next-pass.ts';

const assignment: Assignment = {
  instance: 'i',
  application: 'shop',
  environment: 'dev',
  namespace: 'shop',
  release: 1,
  bundle: 'b',
  generation: 1,
  syncPolicy: {
    prune: true,
    drift: 'HEAL',
    ignore: [],
    pruneLimitPercent: 50,
    adopt: false,
    extraObjects: false,
    exceptions: [],
  },
};

/** An instance without problems of its own, one object of which is to be looked at again. */
function stateOf(retryAtMs: number, ordered = assignment): InstanceState {
  const book = new DriftBook(
    () => 0,
    () => undefined,
  );
  const state = newInstanceState(ordered, new Map(), book);
  state.objects.set('o', { failures: 1, retryAtMs });
  return state;
}

describe('the next pass', () => {
  it('comes when an object is to be tried again', () => {
    expect(nextPassAtMs(stateOf(2_000), { startedMs: 1_000, nowMs: 1_100 }, 0)).toBe(2_000);
  });

  it('comes at once for what became due while the pass ran: nobody else would come back to it', () => {
    expect(nextPassAtMs(stateOf(1_500), { startedMs: 1_000, nowMs: 9_000 }, 0)).toBe(1_500);
  });

  it('does not come for what the pass could do already', () => {
    for (const retryAtMs of [0, 900, 1_000])
      expect(nextPassAtMs(stateOf(retryAtMs), { startedMs: 1_000, nowMs: 9_000 }, 0)).toBeUndefined();
  });

  it('comes at once where an exception ended while the pass ran', () => {
    const exceptions = [{ id: 'x', until: new Date(1_500).toISOString() }];
    const ordered = { ...assignment, syncPolicy: { ...assignment.syncPolicy, exceptions } };
    const times = { startedMs: 1_000, nowMs: 9_000 };
    expect(nextPassAtMs(stateOf(0, ordered), times, 0)).toBe(1_500);
  });
});
