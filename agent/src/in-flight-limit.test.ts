import { expect, it } from 'vitest';
import { InFlightLimit } from './in-flight-limit.ts';

it('never runs more tasks than its limit, runs all of them, and survives a failing one', async () => {
  const limit = new InFlightLimit(3);
  let running = 0;
  let most = 0;
  const task = async (index: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (index === 4) throw new Error('one fails');
    return index;
  };
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => limit.run(() => task(index))),
  );
  expect(most).toBe(3);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
});
