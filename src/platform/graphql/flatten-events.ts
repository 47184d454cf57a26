// One message may speak of several things: each becomes an event of its own. Ending it ends the source at once.
import { mapEvents } from './map-events.ts';

/** The items of each list, one by one. */
export function flattenEvents<T>(lists: AsyncIterable<readonly T[]>): AsyncGenerator<T, void, void> {
  const source = mapEvents(lists, (list) => list);
  let waiting: T[] = [];
  const next = async (): Promise<IteratorResult<T, void>> => {
    while (waiting.length === 0) {
      const list = await source.next();
      if (list.done) return { done: true, value: undefined };
      waiting = [...list.value];
    }
    const [value] = waiting.splice(0, 1) as [T];
    return { done: false, value };
  };
  const generator: AsyncGenerator<T, void, void> = {
    next,
    return: async () => {
      await source.return();
      return { done: true, value: undefined };
    },
    throw: async (thrown: unknown) => {
      await source.return();
      throw thrown;
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => void (await source.return()),
  };
  return generator;
}
