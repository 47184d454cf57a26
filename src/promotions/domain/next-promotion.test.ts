import { describe, expect, it } from 'vitest';
import { samplePromotion } from '../../../test/support/sample-promotion.ts';
import { nextPromotion } from './next-promotion.ts';
import type { Promotion } from './promotion.ts';

/** Ids tell the order in which they were asked for, releases how new they are. */
function pending(id: bigint, releaseId: bigint): Promotion {
  return samplePromotion({ id, releaseId });
}

describe('the next promotion of a slot', () => {
  it('is the newest release whose upstream has passed, and older ones give way', () => {
    const [four, five, six] = [pending(1n, 4n), pending(2n, 5n), pending(3n, 6n)];
    expect(nextPromotion([four, five, six], [four, five])).toEqual({ next: five, superseded: [four] });
  });

  it('never pushes a newer release aside because an older one was asked for later', () => {
    const [newer, older] = [pending(1n, 5n), pending(2n, 4n)];
    expect(nextPromotion([newer, older], [older])).toEqual({ next: older, superseded: [] });
    expect(nextPromotion([newer, older], [newer, older])).toEqual({ next: newer, superseded: [older] });
  });

  it('is none while every one waits for its upstream', () => {
    expect(nextPromotion([pending(1n, 4n)], [])).toBeUndefined();
  });
});
