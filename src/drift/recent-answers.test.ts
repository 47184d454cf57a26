import { expect, it } from 'vitest';
import { RecentAnswers } from './recent-answers.ts';

function counted() {
  let count = 0;
  return () => Promise.resolve((count += 1));
}

it('makes an answer once for all who ask within the time, and anew after it', async () => {
  const recent = new RecentAnswers<number>({ keptMs: 1_000, max: 10 });
  const make = counted();
  const answers = [0, 500, 999, 1_000].map((nowMs) => recent.ask('a', nowMs, make));
  expect(await Promise.all(answers)).toEqual([1, 1, 1, 2]);
});

it('tells questions apart, and keeps no more than it may', async () => {
  const recent = new RecentAnswers<number>({ keptMs: 1_000, max: 2 });
  const make = counted();
  for (const key of ['a', 'b', 'c']) await recent.ask(key, 0, make);
  expect(await recent.ask('c', 1, make)).toBe(3);
  expect(await recent.ask('a', 1, make)).toBe(4);
});

it('does not keep a failure', async () => {
  const recent = new RecentAnswers<number>({ keptMs: 1_000, max: 2 });
  await expect(recent.ask('a', 0, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await recent.ask('a', 1, () => Promise.resolve(7))).toBe(7);
});
