import { describe, expect, it } from 'vitest';
import { AtMost } from './at-most.ts';

/** Works that end when they are told to, and how many of them run. */
function works() {
  const ends: (() => void)[] = [];
  const state = { running: 0, most: 0 };
  const work = async (): Promise<void> => {
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise<void>((resolve) => ends.push(resolve));
    state.running -= 1;
  };
  return { ends, state, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a limit of works at once', () => {
  it('lets the next begin when one has ended, and never more', async () => {
    const { ends, state, work } = works();
    const limit = new AtMost(2);
    const all = Promise.all([1, 2, 3, 4, 5].map(() => limit.run(work)));
    for (let ended = 0; ended < 5; ended += 1) {
      await settled();
      expect(state.running).toBe(Math.min(2, 5 - ended));
      ends.shift()?.();
    }
    await all;
    expect(state.most).toBe(2);
  });

  it('runs every item, also after one that failed, and then says so', async () => {
    const seen: number[] = [];
    const run = new AtMost(2).each([1, 2, 3, 4], (item) => {
      seen.push(item);
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve();
    });
    await expect(run).rejects.toThrow('two');
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});
