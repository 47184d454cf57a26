import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Bell } from './bell.ts';
import { lookWhenRung } from './look-when-rung.ts';
import { OutageLog } from './outage-log.ts';
import { StopAgent } from './stop-agent.ts';

const REST_MS = 1_000_000;

/** Plays looks in their order, and ends after the last. Answers how long was waited before each, and what was logged. */
async function play(looks: readonly (() => Promise<boolean>)[], rings = 0) {
  const waitedMs: number[] = [];
  const said: string[] = [];
  const stop = new AbortController();
  // Waits of any length are over at once, save the rest, which only a ring ends.
  const clock: Clock = {
    now: () => 0,
    after(delayMs, run) {
      waitedMs.push(delayMs);
      if (delayMs < REST_MS) queueMicrotask(run);
      else if (rings === 0) queueMicrotask(() => stop.abort());
      else {
        rings -= 1;
        queueMicrotask(() => bell.ring());
      }
      return () => undefined;
    },
  };
  const bell = new Bell(clock);
  const say = (message: string) => void said.push(message);
  const log: Log = { debug: () => undefined, info: say, warn: say, error: say };
  const left = [...looks];
  const look = (): Promise<boolean> => {
    const next = left.shift();
    if (!next) throw new Error('looked once too often');
    return next();
  };
  const outage = new OutageLog(log, 'looking');
  await lookWhenRung({ bell, outage, look, restMs: () => REST_MS }, stop.signal);
  expect(left).toEqual([]);
  return { waitedMs, said };
}

const works = () => Promise.resolve(true);
const fails = () => Promise.reject(new Error('no answer'));

describe('looking when a bell rings', () => {
  it('looks once for each ring', async () => {
    expect(await play([works, works], 2)).toEqual({ waitedMs: [REST_MS, REST_MS, REST_MS], said: [] });
  });

  it('looks again without a ring after a failure, later each time, and says once that it fails and once that it works', async () => {
    const { waitedMs, said } = await play([fails, fails, fails, fails, fails, fails, works], 1);
    expect(waitedMs).toHaveLength(8);
    for (const [index, ms] of waitedMs.slice(1, 7).entries()) {
      expect(ms).toBeLessThanOrEqual(Math.min(20_000, 1_000 * 2 ** (index + 1)));
    }
    expect(waitedMs.at(-1)).toBe(REST_MS);
    expect(said).toEqual(['looking failed', 'looking works again']);
  });

  it('looks again where the hub answered and did not take it', async () => {
    const refused = () => Promise.resolve(false);
    expect((await play([refused, works], 1)).waitedMs).toHaveLength(3);
  });

  it('ends where going on is of no use', async () => {
    const stopped = new StopAgent('REVOKED', 'the cluster was revoked');
    await expect(play([() => Promise.reject(stopped)], 1)).rejects.toBe(stopped);
  });
});
