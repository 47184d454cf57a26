// Where a promotion changes state: one table of legal moves and one function. Nothing else writes a state.
import { refuse, type Refusal } from '../../platform/refusal.ts';
import type { Promotion, PromotionState } from './promotion.ts';

/** What can happen to a promotion; the commands decide that it did, from what they re-read inside the transaction. */
export type PromotionEvent =
  | { readonly kind: 'START'; readonly previousReleaseId: bigint | null }
  | { readonly kind: 'WAVES_PASSED' }
  | { readonly kind: 'VERIFIED' }
  | { readonly kind: 'FAIL'; readonly evidence: string }
  | { readonly kind: 'PAUSE'; readonly reason: string }
  | { readonly kind: 'RESUME' }
  | { readonly kind: 'CANCEL'; readonly reason: string }
  | { readonly kind: 'SUPERSEDE'; readonly by: bigint };

/** What must be done in the same transaction, because of a change of state. */
export type PromotionEffect =
  /** The slot now runs this release, and this promotion holds it. */
  | { readonly kind: 'TAKE_SLOT' }
  /** The slot may be taken by the next. */
  | { readonly kind: 'FREE_SLOT' }
  /** The release is VERIFIED in this environment, which opens the next ones. */
  | { readonly kind: 'QUALIFY' };

type Moves = {
  readonly [From in PromotionState]: { readonly [Kind in PromotionEvent['kind']]?: PromotionState };
};

/** Every legal move; the diagram in docs/ARCHITECTURE.md is printed from it. */
export const moves: Moves = {
  PENDING: { START: 'ROLLING', SUPERSEDE: 'SUPERSEDED', CANCEL: 'CANCELLED', FAIL: 'FAILED' },
  ROLLING: { WAVES_PASSED: 'VERIFYING', FAIL: 'FAILED', PAUSE: 'PAUSED', CANCEL: 'CANCELLED' },
  PAUSED: { RESUME: 'ROLLING', FAIL: 'FAILED', CANCEL: 'CANCELLED' },
  VERIFYING: { VERIFIED: 'SUCCEEDED', FAIL: 'FAILED', PAUSE: 'PAUSED', CANCEL: 'CANCELLED' },
  SUCCEEDED: {},
  FAILED: {},
  REJECTED: {},
  CANCELLED: {},
  SUPERSEDED: {},
  EXPIRED: {},
};

/** A promotion after an event, and what the change asks for. */
export interface Transitioned {
  readonly promotion: Promotion;
  readonly effects: readonly PromotionEffect[];
}

/**
 * Applies one event. A move that the table does not list is refused with `ILLEGAL_TRANSITION`.
 * `version` is raised by one: the store writes only where the stored one is still the old.
 */
export function transition(promotion: Promotion, event: PromotionEvent, now: Date): Transitioned | Refusal {
  const next = moves[promotion.state][event.kind];
  if (!next) {
    return refuse('ILLEGAL_TRANSITION', `A promotion that is ${promotion.state} cannot take ${event.kind}.`);
  }
  const moved = { ...promotion, state: next, version: promotion.version + 1 };
  return { promotion: { ...moved, ...changedBy(event, now) }, effects: effectsOf(promotion.state, event) };
}

function changedBy(event: PromotionEvent, now: Date): Partial<Promotion> {
  switch (event.kind) {
    case 'START':
      return { startedAt: now, previousReleaseId: event.previousReleaseId };
    case 'VERIFIED':
      return { finishedAt: now, outcome: 'Every counted cluster is synced and healthy on this release.' };
    case 'FAIL':
      return { finishedAt: now, outcome: event.evidence };
    case 'CANCEL':
      return { finishedAt: now, outcome: event.reason };
    case 'SUPERSEDE':
      return { finishedAt: now, supersededById: event.by, outcome: 'A newer release took its place.' };
    case 'PAUSE':
      return { outcome: event.reason };
    case 'RESUME':
      return { outcome: null };
    case 'WAVES_PASSED':
      return {};
  }
}

function effectsOf(from: PromotionState, event: PromotionEvent): readonly PromotionEffect[] {
  switch (event.kind) {
    case 'START':
      return [{ kind: 'TAKE_SLOT' }];
    case 'VERIFIED':
      return [{ kind: 'QUALIFY' }, { kind: 'FREE_SLOT' }];
    case 'FAIL':
    case 'CANCEL':
      return from === 'PENDING' ? [] : [{ kind: 'FREE_SLOT' }];
    case 'PAUSE':
    case 'RESUME':
    case 'SUPERSEDE':
    case 'WAVES_PASSED':
      return [];
  }
}
