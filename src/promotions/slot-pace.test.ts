import { afterEach, describe, expect, it, vi } from 'vitest';
import { SlotPace } from './slot-pace.ts';

const SLOT = { applicationId: 1n, environmentId: 2n };

afterEach(() => {
  vi.restoreAllMocks();
});

/** The rest after a look of this length. */
async function restAfter(...looksMs: readonly number[]): Promise<number> {
  const pace = new SlotPace();
  for (const tookMs of looksMs) {
    vi.spyOn(performance, 'now')
      .mockReturnValueOnce(5)
      .mockReturnValueOnce(5 + tookMs);
    await pace.timed(SLOT, () => Promise.resolve());
  }
  expect(pace.restMs({ applicationId: 2n, environmentId: 1n })).toBe(0);
  return pace.restMs(SLOT);
}

describe('A slot rests between the looks that reports ask for', () => {
  it.each([
    ['not at all before the first look', [], 0],
    ['not at all after a short one', [99], 0],
    ['four times as long as a long one took', [150], 600],
    ['a second at most', [5_000], 1_000],
    ['as its last look says', [5_000, 20], 0],
  ] as const)('%s', async (_case, looksMs, restMs) => {
    expect(await restAfter(...looksMs)).toBe(restMs);
  });
});
