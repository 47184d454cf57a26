import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

function recorder(options = { maxItems: 10, lanes: 1 }) {
  const flushes: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const commit = new GroupCommit<number, string>(async (items) => {
    flushes.push(items);
    await new Promise<void>((open) => gates.push(open));
    if (items.includes(13)) throw new Error('unlucky');
    return items.map(String);
  }, options);
  const openAll = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let gate = gates.shift(); gate; gate = gates.shift()) {
      gate();
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { commit, flushes, openAll };
}

describe('a group commit', () => {
  it('takes together what arrives in one tick and answers each group with its own results', async () => {
    const { commit, flushes, openAll } = recorder();
    const answers = Promise.all([commit.add([1, 2]), commit.add([3])]);
    await openAll();
    expect(await answers).toEqual([['1', '2'], ['3']]);
    expect(flushes).toEqual([[1, 2, 3]]);
  });

  it('never exceeds the size of a flush, except for a single group that does by itself', async () => {
    const { commit, flushes, openAll } = recorder({ maxItems: 2, lanes: 1 });
    const answers = Promise.all([commit.add([1, 2, 3]), commit.add([4]), commit.add([5, 6])]);
    await openAll();
    await answers;
    expect(flushes).toEqual([[1, 2, 3], [4], [5, 6]]);
  });

  it('fails only the group that cannot be stored', async () => {
    const { commit, openAll } = recorder();
    const answers = Promise.allSettled([commit.add([1]), commit.add([13]), commit.add([2])]);
    await openAll();
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('answers an empty group at once', async () => {
    expect(await recorder().commit.add([])).toEqual([]);
  });
});
