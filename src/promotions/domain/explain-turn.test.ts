import { describe, expect, it } from 'vitest';
import { samplePromotion, sampleStep } from '../../../test/support/sample-promotion.ts';
import { explainTurn, type Contender } from './explain-turn.ts';
import type { Promotion } from './promotion.ts';

const until = new Date('2026-06-03T20:00:00Z');
const window = { kind: 'WINDOW', message: 'The window opens at eight.', since: new Date(0), until } as const;

/** Ids and releases tell the order in which they were asked for. */
function contender(
  id: bigint,
  over: Omit<Partial<Contender>, 'promotion'> & { readonly promotion?: Partial<Promotion> } = {},
): Contender {
  const { promotion, ...standing } = over;
  const step = sampleStep({ environment: 'prod' });
  return {
    mayOvertake: true,
    fullyApproved: false,
    release: Number(id),
    waits: [],
    ...standing,
    promotion: samplePromotion({ id, releaseId: id, step, ...promotion }),
  };
}

describe('a promotion that no gate stops', () => {
  it('says which goes first, why, and what that one waits for', () => {
    const step = sampleStep({ environment: 'prod', supersede: 'IN_ORDER' });
    const newer = contender(5n, { promotion: { step } });
    const inOrder = [contender(4n, { promotion: { step }, waits: [window] }), newer];
    expect(explainTurn(inOrder, newer.promotion)).toMatchObject({
      kind: 'SLOT',
      message: 'Release 4 goes first in prod, in order. It waits: The window opens at eight.',
      until,
    });
    const plain = contender(6n);
    const hotfix = [plain, contender(5n, { promotion: { intent: 'HOTFIX' } })];
    expect(explainTurn(hotfix, plain.promotion)?.message).toBe('Release 5 goes first in prod, a hotfix.');
    const approved = [plain, contender(5n, { fullyApproved: true })];
    expect(explainTurn(approved, plain.promotion)?.message).toBe(
      'Release 5 goes first in prod, which people have approved.',
    );
  });

  it('waits for nobody when it is its turn, or nobody else may come', () => {
    const [older, newer] = [contender(4n), contender(5n)];
    expect(explainTurn([older, newer], newer.promotion)).toBeUndefined();
    expect(explainTurn([newer], newer.promotion)).toBeUndefined();
    expect(explainTurn([], newer.promotion)).toBeUndefined();
  });
});
