// What every job queue must do, whichever backend keeps the jobs.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BullJobQueue } from '../../src/platform/queue/bull-job-queue.ts';
import { TerminalJobError, type JobDefinition } from '../../src/platform/queue/job.ts';
import { until } from '../support/until.ts';

/** A backend under test: any number of processes on it. */
export interface QueueUnderTest {
  /** Looks every tenth of a second whether what repeats is still there. */
  open(): BullJobQueue;
  /** Takes everything away that the queue of this job holds, as a person would who empties it by hand. */
  empty(job: string): Promise<void>;
  stop(): Promise<void>;
}

interface Payload {
  readonly id: string;
}

function job(attempts = 1): JobDefinition<Payload> {
  return {
    name: `test.${randomUUID()}`,
    schema: z.object({ id: z.string().max(10) }),
    key: ({ id }) => id,
    attempts,
    backoffMs: 20,
  };
}

/** Something that stays shut until it is opened. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

/** Declares the suite. */
export function queueContract(start: () => Promise<QueueUnderTest>): void {
  let backend: QueueUnderTest;
  const opened: BullJobQueue[] = [];
  const open = (): BullJobQueue => {
    const queue = backend.open();
    opened.push(queue);
    return queue;
  };

  beforeAll(async () => {
    backend = await start();
  });
  afterAll(async () => {
    await Promise.all(opened.map((queue) => queue.close()));
    await backend.stop();
  });

  describe('a job', () => {
    it('runs once with its payload, in whichever process works', async () => {
      const [definition, seen] = [job(), [] as string[]];
      const [adder, worker] = [open(), open()];
      worker.implement(definition, ({ id }) => Promise.resolve(void seen.push(id)));
      await adder.add(definition, [{ id: 'a' }, { id: 'b' }]);
      await worker.start();
      await until('both jobs', () => seen.length === 2);
      expect(seen.sort()).toEqual(['a', 'b']);
    });

    it('with a payload that does not fit is not even added', async () => {
      await expect(open().add(job(), [{ id: 'much too long a text' }])).rejects.toThrow(/too/i);
    });

    it('is not added again while one with its key waits, and is added once while that one runs', async () => {
      const [definition, queue, first] = [job(), open(), gate()];
      let [runs, running] = [0, 0];
      let most = 0;
      queue.implement(
        definition,
        async () => {
          runs++;
          most = Math.max(most, ++running);
          await first.passed;
          running--;
        },
        { concurrency: 4 },
      );
      for (let n = 0; n < 5; n++) await queue.add(definition, [{ id: 'same' }]);
      await queue.start();
      await until('the first run', () => runs === 1);
      for (let n = 0; n < 5; n++) await queue.add(definition, [{ id: 'same' }]);
      first.open();
      await until('the second run', () => runs === 2 && running === 0);
      await queue.add(definition, [{ id: 'mark' }]);
      await until('the job after', () => runs === 3);
      expect(most).toBe(1);
    });

    it('that waits for later does not swallow one that is due now', async () => {
      const [definition, queue, seen] = [job(), open(), [] as number[]];
      queue.implement(definition, () => Promise.resolve(void seen.push(Date.now())));
      await queue.start();
      const addedAt = Date.now();
      await queue.add(definition, [{ id: 'same' }], { delayMs: 1_500 });
      await queue.add(definition, [{ id: 'same' }]);
      await until('the one that is due', () => seen.length === 1);
      expect((seen[0] ?? Infinity) - addedAt).toBeLessThan(1_500);
      await until('the delayed one', () => seen.length === 2);
      expect((seen[1] ?? 0) - addedAt).toBeGreaterThanOrEqual(1_400);
    });

    it('that rests takes in what is added meanwhile, and is followed by what is added while it runs', async () => {
      const [definition, queue, first] = [job(), open(), gate()];
      let runs = 0;
      queue.implement(definition, async () => {
        runs++;
        await first.passed;
      });
      await queue.start();
      const add = () => queue.add(definition, [{ id: 'same' }], { restMs: 300.5 });
      await Promise.all([add(), add(), add()]);
      await until('the first run', () => runs === 1);
      await Promise.all([add(), add()]);
      first.open();
      await until('the run for what came while it ran', () => runs === 2);
      await queue.add(definition, [{ id: 'mark' }]);
      await until('the job after', () => runs === 3);
      await add();
      await until('one that is added later', () => runs === 4);
      expect(runs).toBe(4);
    });

    it('that fails is tried again as often as it says', async () => {
      const [definition, queue] = [job(3), open()];
      let runs = 0;
      queue.implement(definition, () => {
        runs++;
        return runs < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
      });
      await queue.start();
      await queue.add(definition, [{ id: 'x' }]);
      await until('three runs', () => runs === 3);
    });

    it('that fails for good is not tried again, and its key is free', async () => {
      const [definition, queue, seen] = [job(5), open(), [] as string[]];
      queue.implement(definition, ({ id }) => {
        seen.push(id);
        return id === 'bad' ? Promise.reject(new TerminalJobError('never')) : Promise.resolve();
      });
      await queue.start();
      await queue.add(definition, [{ id: 'bad' }]);
      await until('the first failure', () => seen.length === 1);
      await queue.add(definition, [{ id: 'good' }]);
      await until('the job after', () => seen.includes('good'));
      await until('room for the key again', async () => {
        await queue.add(definition, [{ id: 'bad' }]);
        return seen.filter((id) => id === 'bad').length >= 2;
      });
    });

    it('repeats, one in all though several processes ask for it', async () => {
      const [definition, ran] = [job(), [] as number[]];
      const queues = [open(), open(), open()];
      const startedAt = Date.now();
      for (const queue of queues) {
        queue.implement(definition, () => Promise.resolve(void ran.push(Date.now())));
        await queue.start();
        await queue.repeat(definition, { id: 'tick' }, 500);
      }
      await until('eight runs', () => ran.length >= 8);
      // One a period, however slow the machine; with three of each they would come three times as fast.
      expect(ran.length).toBeLessThanOrEqual((Date.now() - startedAt) / 500 + 2);
    });

    it('repeats on after its queue was emptied by hand, and others can be added again', async () => {
      const [definition, queue, ran] = [job(), open(), [] as string[]];
      queue.implement(definition, ({ id }) => Promise.resolve(void ran.push(id)));
      await queue.start();
      await queue.repeat(definition, { id: 'tick' }, 200);
      await until('a run', () => ran.length > 0);
      await queue.add(definition, [{ id: 'lost' }], { delayMs: 60_000 });
      await backend.empty(definition.name);
      ran.length = 0;
      await queue.add(definition, [{ id: 'lost' }]);
      await until('more runs', () => ran.filter((id) => id === 'tick').length > 2 && ran.includes('lost'));
    });
  });

  describe('a queue', () => {
    it('that drains lets running jobs end and begins no other', async () => {
      const [definition, queue, going] = [job(), open(), gate()];
      const seen: string[] = [];
      queue.implement(definition, async ({ id }) => {
        seen.push(`${id} began`);
        await going.passed;
        seen.push(`${id} ended`);
      });
      await queue.start();
      await queue.add(definition, [{ id: 'one' }, { id: 'two' }]);
      await until('the first to begin', () => seen.length === 1);
      const drained = queue.drain();
      going.open();
      await drained;
      expect(seen).toHaveLength(2);
    });

    it('takes many jobs at once', async () => {
      const [definition, queue, seen] = [job(), open(), new Set<string>()];
      queue.implement(definition, ({ id }) => Promise.resolve(void seen.add(id)), { concurrency: 20 });
      await queue.add(
        definition,
        Array.from({ length: 500 }, (_, n) => ({ id: String(n) })),
      );
      await queue.start();
      await until('all of them', () => seen.size === 500, { timeoutMs: 20_000 });
    });
  });
}
