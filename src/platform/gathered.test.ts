import { describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { Gathered } from './gathered.ts';

/** Answers only when it is told to; remembers what each look-up was asked. */
function heldLookUp() {
  const rounds: { keys: readonly number[]; answer: () => void }[] = [];
  const lookUp = (keys: readonly number[]) =>
    new Promise<number[]>((resolve) => {
      rounds.push({ keys, answer: () => resolve(keys.map((key) => key * 10)) });
    });
  const begun = (count: number) =>
    until(`${count} look-ups`, () => rounds.length === count, { intervalMs: 1 });
  return { rounds, lookUp, begun };
}

describe('gathered look-ups', () => {
  it('of one tick become one, and each gets its own answer', async () => {
    const { rounds, lookUp, begun } = heldLookUp();
    const gathered = new Gathered(lookUp, { maxKeys: 10, atOnce: 1 });
    const answers = Promise.all([3, 1, 3].map((key) => gathered.ask(key)));
    await begun(1);
    rounds[0]?.answer();
    expect(await answers).toEqual([30, 10, 30]);
    expect(rounds.map(({ keys }) => keys)).toEqual([[3, 1, 3]]);
  });

  it('that come while one runs go into the next', async () => {
    const { rounds, lookUp, begun } = heldLookUp();
    const gathered = new Gathered(lookUp, { maxKeys: 10, atOnce: 1 });
    const first = gathered.ask(1);
    await begun(1);
    const later = Promise.all([gathered.ask(2), gathered.ask(3)]);
    rounds[0]?.answer();
    expect(await first).toBe(10);
    await begun(2);
    rounds[1]?.answer();
    expect(await later).toEqual([20, 30]);
    expect(rounds[1]?.keys).toEqual([2, 3]);
  });

  it('take no more keys than they may, and run side by side', async () => {
    const { rounds, lookUp, begun } = heldLookUp();
    const gathered = new Gathered(lookUp, { maxKeys: 2, atOnce: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map((key) => gathered.ask(key)));
    await begun(2);
    expect(rounds.map(({ keys }) => keys)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    rounds.forEach(({ answer }) => answer());
    await begun(3);
    rounds[2]?.answer();
    expect(await answers).toEqual([10, 20, 30, 40, 50]);
  });

  it('that fail fail for those who asked, and the next is tried again', async () => {
    let isBroken = true;
    const gathered = new Gathered<number, number>(
      (keys) => (isBroken ? Promise.reject(new Error('no database')) : Promise.resolve(keys)),
      { maxKeys: 10, atOnce: 1 },
    );
    const failures = await Promise.allSettled([gathered.ask(1), gathered.ask(2)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await gathered.ask(3)).toBe(3);
  });
});
