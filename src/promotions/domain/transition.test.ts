import { assert, constantFrom, array, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../platform/refusal.ts';
import { isTerminal, type Promotion, type PromotionState } from './promotion.ts';
import { moves, transition, type PromotionEvent } from './transition.ts';

const now = new Date('2026-01-02T03:04:05Z');

const promotion = (state: PromotionState): Promotion => ({
  id: 1n,
  applicationId: 2n,
  environmentId: 3n,
  releaseId: 4n,
  previousReleaseId: null,
  intent: 'FORWARD',
  state,
  version: 7,
  requestedBy: 'ana',
  reason: null,
  policyRevision: 1,
  step: { upstream: [], progressDeadlineMs: 900_000 },
  rollbackOfId: null,
  supersededById: null,
  outcome: null,
  createdAt: now,
  startedAt: null,
  finishedAt: null,
});

const events: readonly PromotionEvent[] = [
  { kind: 'START', previousReleaseId: 9n },
  { kind: 'WAVES_PASSED' },
  { kind: 'VERIFIED' },
  { kind: 'FAIL', evidence: 'Cluster eu-1: refused.' },
  { kind: 'PAUSE', reason: 'The last cluster left.' },
  { kind: 'RESUME' },
  { kind: 'CANCEL', reason: 'Rolled back.' },
  { kind: 'SUPERSEDE', by: 8n },
];

const states = Object.keys(moves) as PromotionState[];
const pairs = states.flatMap((state) => events.map((event) => ({ state, event, kind: event.kind })));

describe('a promotion', () => {
  it.each(pairs)(
    'that is $state and takes $kind moves as the table says, or is refused',
    ({ state, event }) => {
      const result = transition(promotion(state), event, now);
      const expected = moves[state][event.kind];
      if (expected === undefined) {
        expect(result).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
      } else {
        expect(result).toMatchObject({ promotion: { state: expected, version: 8 } });
      }
    },
  );

  it('is finished exactly when it is terminal', () => {
    for (const { state, event } of pairs) {
      const result = transition(promotion(state), event, now);
      if (isRefusal(result)) continue;
      expect(result.promotion.finishedAt !== null).toBe(isTerminal(result.promotion.state));
    }
  });

  it('never reopens', () => {
    assert(
      property(array(constantFrom(...events)), (sequence) => {
        let current = promotion('PENDING');
        for (const event of sequence) {
          const result = transition(current, event, now);
          if (isRefusal(result)) continue;
          expect(isTerminal(current.state)).toBe(false);
          current = result.promotion;
        }
      }),
    );
  });

  it('frees the slot whenever it leaves the running states, and only then', () => {
    for (const { state, event } of pairs) {
      const result = transition(promotion(state), event, now);
      if (isRefusal(result)) continue;
      const frees = result.effects.some((effect) => effect.kind === 'FREE_SLOT');
      expect(frees).toBe(state !== 'PENDING' && isTerminal(result.promotion.state));
    }
  });
});
