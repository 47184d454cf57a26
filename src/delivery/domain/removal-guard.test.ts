import { describe, expect, it } from 'vitest';
import { refuseRemovals } from './removal-guard.ts';

const instances = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    application: 'shop',
    environment: 'prod',
    cluster: `c${index}`,
  }));

describe('the removal guard', () => {
  it('lets a change pass that removes nothing, whatever number is given', () => {
    expect(refuseRemovals([], { confirmRemovals: 3, prune: false })).toBeUndefined();
  });

  it('names the count and at most five examples', () => {
    const refusal = refuseRemovals(instances(7), { prune: false });
    expect(refusal?.code).toBe('REMOVES_INSTANCES');
    expect(refusal?.message).toContain('7 instances');
    expect(refusal?.message).toContain('and 2 more');
    expect(refusal?.reasons).toEqual([0, 1, 2, 3, 4].map((index) => `shop/prod/c${index}`));
  });

  it('takes only the exact number for consent', () => {
    expect(refuseRemovals(instances(2), { confirmRemovals: 3, prune: false })?.message).toContain('not 3');
    expect(refuseRemovals(instances(2), { confirmRemovals: 2, prune: false })).toBeUndefined();
  });

  it('never stands in the way of what must not be refused', () => {
    expect(refuseRemovals(instances(2), { confirmRemovals: 'ANY', prune: false })).toBeUndefined();
  });
});
