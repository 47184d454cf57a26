import type { Assignment } from '@fairlead/protocol/assignment';
import { describe, expect, it } from 'vitest';
import {
  bundlesToKeep,
  mergeAnswer,
  needsFullAnswer,
  NOTHING_KNOWN,
  withoutInstances,
  type AssignmentsAnswer,
} from './known-assignments.ts';

const syncPolicy = {
  prune: true,
  drift: 'HEAL' as const,
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
};

function assigned(instance: string, generation: number, more: Partial<Assignment> = {}): Assignment {
  const names = { application: 'shop', environment: 'prod', namespace: 'shop' };
  return { instance, ...names, release: 1, bundle: `bundle-${generation}`, generation, syncPolicy, ...more };
}

function answer(generation: number, assignments: Assignment[], isFull = false): AssignmentsAnswer {
  return { epoch: 'one', generation, isFull, assignments, healthRules: NOTHING_KNOWN.healthRules };
}

const known = mergeAnswer(NOTHING_KNOWN, answer(2, [assigned('a', 1), assigned('b', 2)], true)).known;

describe('an answer of the hub', () => {
  it('adds to what is known where it tells only what changed', () => {
    const merged = mergeAnswer(known, answer(3, [assigned('b', 3)]));
    expect([...merged.known.byInstance.keys()]).toEqual(['a', 'b']);
    expect(merged.known.byInstance.get('b')?.assignment.generation).toBe(3);
    expect(merged.orphaned).toEqual([]);
  });

  it('leaves alone, and never removes, what a full answer does not name', () => {
    const merged = mergeAnswer(known, {
      ...answer(1, [], true),
      epoch: 'two',
    });
    expect(merged.known.byInstance.size).toBe(0);
    expect(merged.orphaned.map(({ instance }) => instance)).toEqual(['a', 'b']);
    expect(merged.changed).toEqual([]);
  });

  it('takes the assignments of a restored hub although their generations are lower', () => {
    const merged = mergeAnswer(known, {
      ...answer(1, [assigned('b', 1)], true),
      epoch: 'two',
    });
    expect(merged.known.byInstance.get('b')?.assignment.generation).toBe(1);
    expect(merged.orphaned.map(({ instance }) => instance)).toEqual(['a']);
  });

  it('keeps the health rules that came with it', () => {
    const healthRules = { digest: 'd', rules: [{ group: 'a', kinds: ['B'], current: 'true' }] };
    expect(mergeAnswer(known, { ...answer(3, []), healthRules }).known.healthRules).toBe(healthRules);
  });

  it('orphans nothing where a removal was carried out and the hub has forgotten it', () => {
    const removed = mergeAnswer(known, answer(3, [assigned('a', 3, { tombstone: 'PRUNE' })])).known;
    const merged = mergeAnswer(removed, answer(4, [assigned('b', 2)], true));
    expect(merged.orphaned).toEqual([]);
  });

  it('has to be full where it is of another epoch or behind what is known', () => {
    expect(needsFullAnswer(known, { epoch: 'two', generation: 9 })).toBe(true);
    expect(needsFullAnswer(known, { epoch: 'one', generation: 1 })).toBe(true);
    expect(needsFullAnswer(known, { epoch: 'one', generation: 2 })).toBe(false);
  });
});

describe('the bundles that are kept', () => {
  it('are the last two of each instance', () => {
    const second = mergeAnswer(known, answer(3, [assigned('b', 3)])).known;
    const third = mergeAnswer(second, answer(4, [assigned('b', 4)])).known;
    expect([...bundlesToKeep(third)].sort()).toEqual(['bundle-1', 'bundle-3', 'bundle-4']);
  });

  it('stay the same where only settings changed', () => {
    const second = mergeAnswer(known, answer(3, [assigned('b', 3)])).known;
    const settings = mergeAnswer(second, answer(4, [assigned('b', 4, { bundle: 'bundle-3' })])).known;
    expect([...bundlesToKeep(settings)].sort()).toEqual(['bundle-1', 'bundle-2', 'bundle-3']);
  });

  it('are none of an instance that is gone', () => {
    expect([...bundlesToKeep(withoutInstances(known, ['a']))]).toEqual(['bundle-2']);
  });
});
