import { describe, expect, it } from 'vitest';
import { samplePromotion, sampleStep } from '../../../test/support/sample-promotion.ts';
import { nextPromotion, overtaken, type Candidate } from './next-promotion.ts';
import type { Promotion } from './promotion.ts';

/** Ids tell the order in which they were asked for, releases how new they are. */
function pending(
  id: bigint,
  releaseId: bigint,
  over: Partial<Candidate> & Partial<Promotion> = {},
): Candidate {
  const { mayOvertake = true, fullyApproved = false, ...promotion } = over;
  return { promotion: samplePromotion({ id, releaseId, ...promotion }), mayOvertake, fullyApproved };
}

const inOrder = sampleStep({ supersede: 'IN_ORDER' });

describe('the next promotion of a slot', () => {
  it('is the newest release whose upstream and soak have passed, and older ones give way', () => {
    const [four, five, six] = [pending(1n, 4n), pending(2n, 5n), pending(3n, 6n, { mayOvertake: false })];
    expect(nextPromotion([four, five, six])).toEqual({ next: five.promotion, superseded: [four.promotion] });
  });

  it('never pushes a newer release aside because an older one was asked for later', () => {
    const [newer, older] = [pending(1n, 5n, { mayOvertake: false }), pending(2n, 4n)];
    expect(nextPromotion([newer, older])).toEqual({ next: older.promotion, superseded: [] });
    const ready = pending(1n, 5n);
    expect(nextPromotion([ready, older])).toEqual({ next: ready.promotion, superseded: [older.promotion] });
  });

  it('is none while every one waits for its upstream', () => {
    expect(nextPromotion([pending(1n, 4n, { mayOvertake: false })])).toBeUndefined();
    expect(nextPromotion([])).toBeUndefined();
  });

  it('is the one that people have wholly approved, before the newer one that would take its place', () => {
    const [old, approved, newest] = [
      pending(1n, 3n),
      pending(2n, 4n, { fullyApproved: true }),
      pending(3n, 5n),
    ];
    expect(nextPromotion([old, approved, newest])).toEqual({
      next: approved.promotion,
      superseded: [old.promotion],
    });
  });

  it('is the hotfix, and a rollback before that; nobody gives way to either', () => {
    const [forward, hotfix] = [pending(1n, 6n), pending(2n, 5n, { intent: 'HOTFIX' })];
    const rollback = pending(3n, 2n, { intent: 'ROLLBACK' });
    expect(nextPromotion([forward, hotfix])).toEqual({ next: hotfix.promotion, superseded: [] });
    expect(nextPromotion([forward, hotfix, rollback])).toEqual({ next: rollback.promotion, superseded: [] });
  });

  it('is the oldest where each gets its turn', () => {
    const [first, second] = [pending(1n, 4n, { step: inOrder }), pending(2n, 5n, { step: inOrder })];
    expect(nextPromotion([first, second])).toEqual({ next: first.promotion, superseded: [] });
  });

  it('moves although a newer release comes every minute and the soak takes an hour', () => {
    const candidates: Candidate[] = [];
    const started: bigint[] = [];
    for (let minute = 1; minute <= 300; minute += 1) {
      candidates.push(pending(BigInt(minute), BigInt(minute)));
      const now = candidates.map((each) => ({
        ...each,
        mayOvertake: minute - Number(each.promotion.id) >= 60,
      }));
      const chosen = nextPromotion(now);
      if (!chosen) continue;
      started.push(chosen.next.releaseId);
      const gone = new Set([chosen.next.id, ...chosen.superseded.map(({ id }) => id)]);
      candidates.splice(
        0,
        candidates.length,
        ...candidates.filter(({ promotion }) => !gone.has(promotion.id)),
      );
    }
    expect(started.length).toBeGreaterThan(200);
    expect(started).toEqual(started.toSorted((a, b) => Number(a - b)));
  });
});

describe('what is older than what runs', () => {
  it('is overtaken, however it was asked for, unless it is a rollback', () => {
    const all = [
      samplePromotion({ id: 1n, releaseId: 4n }),
      samplePromotion({ id: 2n, releaseId: 4n, intent: 'HOTFIX' }),
      samplePromotion({ id: 3n, releaseId: 4n, intent: 'ROLLBACK' }),
      samplePromotion({ id: 4n, releaseId: 5n, intent: 'REDEPLOY' }),
      samplePromotion({ id: 5n, releaseId: 6n }),
    ];
    expect(overtaken(all, 5n).map(({ id }) => id)).toEqual([1n, 2n]);
    expect(overtaken(all, null)).toEqual([]);
  });
});
