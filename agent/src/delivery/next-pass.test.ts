import { describe, expect, it } from 'vitest';
import type { InstanceState, ObjectState } from './instance-state.ts';
import { nextPassAtMs } from './next-pass.ts';

/** An instance without problems of its own, one object of which is to be looked at again. */
function stateOf(retryAtMs: number): InstanceState {
  const object: ObjectState = { failures: 1, retryAtMs };
  const assignment = { syncPolicy: { exceptions: [] } };
  return { objects: new Map([['o', object]]), assignment, prepared: undefined } as unknown as InstanceState;
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
});
