import { describe, expect, it } from 'vitest';
import { RenderBackoff } from './render-backoff.ts';

describe('newcomers that cannot be rendered', () => {
  it('rest twice as long after each failure, at most ten minutes', () => {
    let nowMs = 0;
    const backoff = new RenderBackoff(() => nowMs);
    for (const restMs of [15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
      backoff.note('shop/prod', 'release 4, clusters 1 2', true);
      nowMs += restMs - 1;
      expect(backoff.restsNow('shop/prod', 'release 4, clusters 1 2')).toBe(true);
      nowMs += 1;
      expect(backoff.restsNow('shop/prod', 'release 4, clusters 1 2')).toBe(false);
    }
  });

  it('do not hold up another release, another cluster or another slot, and are forgotten once they succeed', () => {
    const backoff = new RenderBackoff(() => 0);
    backoff.note('shop/prod', 'release 4, clusters 1 2', true);
    expect(backoff.restsNow('shop/prod', 'release 5, clusters 1 2')).toBe(false);
    expect(backoff.restsNow('shop/prod', 'release 4, clusters 1 2 3')).toBe(false);
    expect(backoff.restsNow('shop/dev', 'release 4, clusters 1 2')).toBe(false);
    backoff.note('shop/prod', 'release 4, clusters 1 2', false);
    expect(backoff.restsNow('shop/prod', 'release 4, clusters 1 2')).toBe(false);
  });
});
