import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { JobRegistry } from './job-registry.ts';
import type { JobDefinition } from './job.ts';

const job: JobDefinition<{ id: string }> = {
  name: 'test.one',
  schema: z.object({ id: z.string() }),
  key: ({ id }) => id,
  attempts: 1,
  backoffMs: 1,
};

describe('the register of jobs', () => {
  it('names every job without a handler and every one with two', () => {
    const registry = new JobRegistry();
    registry.add(job, () => Promise.resolve());
    registry.add(job, () => Promise.resolve());
    expect(() => registry.assertComplete(['test.one', 'test.two'])).toThrow(
      /test\.two" has no .*test\.one" has two/,
    );
  });

  it('is content when each has one', () => {
    const registry = new JobRegistry();
    registry.add(job, () => Promise.resolve());
    expect(() => registry.assertComplete(['test.one'])).not.toThrow();
  });

  it('keeps a payload that does not fit from its handler', async () => {
    const seen: unknown[] = [];
    const registry = new JobRegistry();
    registry.add(job, (payload) => Promise.resolve(void seen.push(payload)));
    await expect(registry.jobs[0]?.run({ id: 5 })).rejects.toThrow(AppError);
    await registry.jobs[0]?.run({ id: 'a', more: true });
    expect(seen).toEqual([{ id: 'a' }]);
  });
});
