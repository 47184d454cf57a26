import { describe, expect, it } from 'vitest';
import { flattenEvents } from './flatten-events.ts';

async function* lists(): AsyncGenerator<number[], void, void> {
  yield [1, 2];
  yield [];
  yield [3];
}

describe('flattening', () => {
  it('gives each item of each list, in order', async () => {
    const seen: number[] = [];
    for await (const item of flattenEvents(lists())) seen.push(item);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ends the source at once when its consumer stops, also between items of one list', async () => {
    let ended = false;
    const source: AsyncIterable<number[]> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: [1, 2] }),
        return: () => {
          ended = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    for await (const item of flattenEvents(source)) if (item === 1) break;
    expect(ended).toBe(true);
  });
});
