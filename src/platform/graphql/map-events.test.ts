import { describe, expect, it } from 'vitest';
import { flatMapEvents, mapEvents } from './map-events.ts';

/** Gives what it has and then waits for ever; says when it was ended. */
class Source implements AsyncIterableIterator<number> {
  ended = false;
  constructor(private readonly values: number[]) {}
  next(): Promise<IteratorResult<number>> {
    const [value] = this.values.splice(0, 1);
    return value === undefined ? new Promise(() => undefined) : Promise.resolve({ done: false, value });
  }
  return(): Promise<IteratorResult<number>> {
    this.ended = true;
    return Promise.resolve({ done: true, value: undefined });
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

describe('a mapped stream of events', () => {
  it('leaves out what maps to undefined', async () => {
    const events = mapEvents(new Source([1, 2, 3, 4]), (n) => (n % 2 === 0 ? n * 10 : undefined));
    expect([await events.next(), await events.next()]).toEqual([
      { done: false, value: 20 },
      { done: false, value: 40 },
    ]);
  });

  it('makes several events of one, in order, and none of none', async () => {
    const events = flatMapEvents(new Source([2, 0, 1]), (n) =>
      Array.from({ length: n }, (_, i) => `${n}/${i}`),
    );
    const taken = [await events.next(), await events.next(), await events.next()];
    expect(taken.map((event) => event.value)).toEqual(['2/0', '2/1', '1/0']);
  });

  it('ends its source at once, also while it waits for an event', async () => {
    const source = new Source([]);
    const events = mapEvents(source, (n) => n);
    void events.next();
    await events.return();
    expect(source.ended).toBe(true);
  });

  it('ends its source when mapping fails', async () => {
    const source = new Source([1]);
    const events = mapEvents(source, () => Promise.reject(new Error('no')));
    await expect(events.next()).rejects.toThrow('no');
    expect(source.ended).toBe(true);
  });
});
