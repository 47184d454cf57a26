import { afterAll, describe, expect, it } from 'vitest';
import { array, assert, constantFrom, property } from 'fast-check';
import { samplePromotion } from '../../../test/support/sample-promotion.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { isRunning, isTerminal, type PauseReason, type Promotion, type PromotionState } from './promotion.ts';
import { moves, transition, type PromotionEvent } from './transition.ts';

const now = new Date('2026-01-02T03:04:05Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const reason = (kind: PauseReason['kind'], since = now): PauseReason => ({
  kind,
  message: `Because of ${kind}.`,
  by: 'ana',
  since,
});

const events: { readonly [Kind in PromotionEvent['kind']]: PromotionEvent } = {
  START: { kind: 'START', previousReleaseId: 9n },
  WAVE_PASSED: { kind: 'WAVE_PASSED', wave: 'canary' },
  WAVES_PASSED: { kind: 'WAVES_PASSED' },
  VERIFIED: { kind: 'VERIFIED', evidence: 'All are well.' },
  FAIL: { kind: 'FAIL', evidence: 'Cluster eu-1: refused.' },
  PAUSE: { kind: 'PAUSE', pause: 'PERSON', reason: 'Let us look.', by: 'ana' },
  RESUME: { kind: 'RESUME', pause: 'PERSON', by: 'ana' },
  CANCEL: { kind: 'CANCEL', reason: 'Rolled back.', by: 'ana' },
  REJECT: { kind: 'REJECT', reason: 'Not on a Friday.', by: 'ana' },
  SUPERSEDE: { kind: 'SUPERSEDE', by: 8n },
  EXPIRE: { kind: 'EXPIRE', reason: 'Nobody approved it in time.' },
};

/** As it is in a state, with what the state brings along. */
function promotionIn(state: PromotionState, over: Partial<Promotion> = {}): Promotion {
  const pauseReasons = state === 'PAUSED' ? [reason('PERSON')] : [];
  return samplePromotion({ state, pauseReasons, finishedAt: isTerminal(state) ? now : null, ...over });
}

const states = Object.keys(moves) as PromotionState[];
const pairs = states.flatMap((state) =>
  Object.values(events).map((event) => ({ state, event, kind: event.kind })),
);

const taken = new Set<string>();
const refused = new Set<string>();

describe('a promotion', () => {
  afterAll(() => {
    const legal = pairs.filter(({ state, kind }) => moves[state][kind] !== undefined).length;
    const illegal = pairs.length - legal;
    const words = [
      `${taken.size} of ${legal} legal moves taken`,
      `${refused.size} of ${illegal} illegal ones refused`,
    ];
    process.stdout.write(`transition table: ${words.join(', ')}\n`);
    expect([taken.size, refused.size]).toEqual([legal, illegal]);
  });

  it.each(pairs)(
    'that is $state and takes $kind moves as the table says, or is refused',
    ({ state, event }) => {
      const result = transition(promotionIn(state), event, now);
      const expected = moves[state][event.kind];
      if (expected === undefined) {
        expect(result).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
        refused.add(`${state} ${event.kind}`);
      } else {
        expect(result).toMatchObject({ promotion: { state: expected, version: 8 } });
        taken.add(`${state} ${event.kind}`);
      }
    },
  );

  it('is finished exactly when it is terminal, and is due for nothing then', () => {
    for (const { state, event } of pairs) {
      const result = transition(promotionIn(state, { dueAt: now }), event, now);
      if (isRefusal(result)) continue;
      const terminal = isTerminal(result.promotion.state);
      expect(result.promotion.finishedAt !== null).toBe(terminal);
      expect(result.promotion.dueAt === null).toBe(terminal);
    }
  });

  it('never reopens, and is paused exactly while there is a reason', () => {
    assert(
      property(array(constantFrom(...Object.values(events)), { maxLength: 30 }), (sequence) => {
        let current = promotionIn('PENDING');
        for (const event of sequence) {
          const result = transition(current, event, now);
          if (isRefusal(result)) continue;
          expect(isTerminal(current.state)).toBe(false);
          expect(result.promotion.version).toBe(current.version + 1);
          current = result.promotion;
          expect(current.state === 'PAUSED').toBe(current.pauseReasons.length > 0);
        }
      }),
    );
  });

  it('takes the slot with its start and frees it whenever it leaves the running states, and only then', () => {
    for (const { state, event } of pairs) {
      const result = transition(promotionIn(state), event, now);
      if (isRefusal(result)) continue;
      const kinds = result.effects.map(({ kind }) => kind);
      const [before, after] = [isRunning(state), isRunning(result.promotion.state)];
      expect(kinds.includes('TAKE_SLOT')).toBe(!before && after);
      expect(kinds.includes('FREE_SLOT')).toBe(before && !after);
    }
  });
});

describe('a pause', () => {
  it('goes on while a reason is left, and ends with the last', () => {
    const two = promotionIn('PAUSED', { pauseReasons: [reason('PERSON'), reason('FREEZE')] });
    const one = transition(two, { kind: 'RESUME', pause: 'FREEZE', by: 'fairlead' }, now);
    expect(one).toMatchObject({ promotion: { state: 'PAUSED', pauseReasons: [{ kind: 'PERSON' }] } });
    const none = transition(two, { kind: 'RESUME', pause: 'ALL', by: 'ana' }, now);
    expect(none).toMatchObject({ promotion: { state: 'ROLLING', pauseReasons: [] } });
  });

  it('is not ended by the end of what never held it', () => {
    const paused = promotionIn('PAUSED');
    const result = transition(paused, { kind: 'RESUME', pause: 'FREEZE', by: 'fairlead' }, now);
    expect(result).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  });

  it('keeps since when a reason holds when it is told again in other words', () => {
    const paused = promotionIn('PAUSED', { pauseReasons: [reason('OFFLINE', ago(5_000))] });
    const event = { kind: 'PAUSE', pause: 'OFFLINE', reason: '3 are offline.', by: 'fairlead' } as const;
    expect(transition(paused, event, now)).toMatchObject({
      promotion: { pauseReasons: [{ kind: 'OFFLINE', message: '3 are offline.', since: ago(5_000) }] },
    });
  });

  it('takes nothing of the clusters’ time, however its reasons overlap', () => {
    const reasons = [reason('PERSON', ago(9_000)), reason('FREEZE', ago(6_000))];
    const first = transition(
      promotionIn('PAUSED', { pauseReasons: reasons }),
      { kind: 'RESUME', pause: 'PERSON', by: 'ana' },
      ago(2_000),
    );
    if (isRefusal(first)) throw new Error(first.message);
    expect(first.effects).toEqual([{ kind: 'EXTEND_DEADLINES', byMs: 3_000 }]);
    const last = transition(first.promotion, { kind: 'RESUME', pause: 'FREEZE', by: 'fairlead' }, now);
    expect(last).toMatchObject({ effects: [{ kind: 'EXTEND_DEADLINES', byMs: 6_000 }] });
  });

  it('for a verification that could not be judged asks anew once a person ends it', () => {
    const paused = promotionIn('PAUSED', { pauseReasons: [reason('INCONCLUSIVE')] });
    const result = transition(paused, { kind: 'RESUME', pause: 'ALL', by: 'ana' }, now);
    expect(result).toMatchObject({ effects: [{ kind: 'ASK_AGAIN' }] });
  });
});

describe('a rollback', () => {
  it.each(['ROLLING', 'PAUSED', 'VERIFYING'] as const)(
    'that is %s never fails: it can only be paused',
    (state) => {
      const rollback = promotionIn(state, { intent: 'ROLLBACK' });
      expect(transition(rollback, events.FAIL, now)).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
      const pause = {
        kind: 'PAUSE',
        pause: 'ROLLBACK_FAILED',
        reason: 'eu-1 failed.',
        by: 'fairlead',
      } as const;
      expect(transition(rollback, pause, now)).toMatchObject({ promotion: { state: 'PAUSED' } });
    },
  );
});
