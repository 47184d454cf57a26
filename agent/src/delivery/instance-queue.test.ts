import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { InstanceQueue } from './instance-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Passes that end only when the test says so. */
function newQueue() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new InstanceQueue(systemClock, (key) => {
    started.push(key);
    return new Promise((resolve) => ends.set(key, resolve));
  });
  const end = async (key: string): Promise<void> => {
    ends.get(key)?.();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { queue, started, end };
}

it('never runs two passes of one instance at a time, and one more however often it was asked', async () => {
  const { queue, started, end } = newQueue();
  for (let count = 0; count < 5; count += 1) queue.add('a');
  expect(started).toEqual(['a']);
  await end('a');
  expect(started).toEqual(['a', 'a']);
  await end('a');
  expect(started).toEqual(['a', 'a']);
});

it('runs a bounded number at once, and urgent ones first', async () => {
  const { queue, started, end } = newQueue();
  for (let index = 0; index < 60; index += 1) queue.add(`n${index}`);
  queue.add('drift', 'URGENT');
  expect(started).toHaveLength(48);
  await end('n0');
  expect(started.at(-1)).toBe('drift');
});

it('runs a planned pass at the earliest time it was asked for', () => {
  const { queue, started } = newQueue();
  queue.addAt('a', systemClock.now() + 5000);
  queue.addAt('a', systemClock.now() + 1000);
  queue.addAt('a', systemClock.now() + 9000);
  vi.advanceTimersByTime(999);
  expect(started).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(started).toEqual(['a']);
});

it('forgets what it is told to forget, and waits for running passes when it stops', async () => {
  const { queue, started, end } = newQueue();
  queue.add('running');
  queue.addAt('later', systemClock.now() + 10);
  queue.remove('later');
  vi.advanceTimersByTime(100);
  const stopped = queue.stop();
  queue.add('too late');
  await end('running');
  await stopped;
  expect(started).toEqual(['running']);
});
