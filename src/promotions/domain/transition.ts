// Where a promotion changes state: one table of legal moves and one function. Nothing else writes a state.
import { refuse, type Refusal } from '../../platform/refusal.ts';
import {
  isRunning,
  isTerminal,
  type PauseKind,
  type PauseReason,
  type Promotion,
  type PromotionState,
} from './promotion.ts';

/** What can happen to a promotion; the commands decide that it did, from what they re-read inside the transaction. */
export type PromotionEvent =
  | { readonly kind: 'START'; readonly previousReleaseId: bigint | null }
  | { readonly kind: 'WAVE_PASSED'; readonly wave: string }
  | { readonly kind: 'WAVES_PASSED' }
  | { readonly kind: 'VERIFIED'; readonly evidence: string }
  | { readonly kind: 'FAIL'; readonly evidence: string }
  | { readonly kind: 'PAUSE'; readonly pause: PauseKind; readonly reason: string; readonly by: string }
  | { readonly kind: 'RESUME'; readonly pause: PauseKind | 'ALL'; readonly by: string }
  | { readonly kind: 'CANCEL'; readonly reason: string; readonly by: string }
  | { readonly kind: 'REJECT'; readonly reason: string; readonly by: string }
  | { readonly kind: 'SUPERSEDE'; readonly by: bigint }
  | { readonly kind: 'EXPIRE'; readonly reason: string };

/** What must be done in the same transaction, because of a change of state. */
export type PromotionEffect =
  /** The slot now runs this release, and this promotion holds it. */
  | { readonly kind: 'TAKE_SLOT' }
  /** The slot may be taken by the next. */
  | { readonly kind: 'FREE_SLOT' }
  /** The release is VERIFIED in this environment, which opens the next ones. */
  | { readonly kind: 'QUALIFY' }
  /** A pause is over: no cluster's deadline ran while it lasted. */
  | { readonly kind: 'EXTEND_DEADLINES'; readonly byMs: number }
  /** A person lets it go on though a check could not be judged: the check is asked anew. */
  | { readonly kind: 'ASK_AGAIN' };

type Moves = {
  readonly [From in PromotionState]: { readonly [Kind in PromotionEvent['kind']]?: PromotionState };
};

/**
 * Every legal move; the diagram in the docs is printed from it. Three guards narrow it: a PAUSED promotion stays so
 * while a reason is left, RESUME needs a reason that it takes away, and a ROLLBACK that runs never takes FAIL. A pause
 * always ends in ROLLING: where every wave has passed, WAVES_PASSED follows in the same transaction.
 */
export const moves: Moves = {
  PENDING: {
    START: 'ROLLING',
    REJECT: 'REJECTED',
    SUPERSEDE: 'SUPERSEDED',
    EXPIRE: 'EXPIRED',
    CANCEL: 'CANCELLED',
    FAIL: 'FAILED',
  },
  ROLLING: {
    WAVE_PASSED: 'ROLLING',
    WAVES_PASSED: 'VERIFYING',
    FAIL: 'FAILED',
    PAUSE: 'PAUSED',
    CANCEL: 'CANCELLED',
  },
  PAUSED: { PAUSE: 'PAUSED', RESUME: 'ROLLING', FAIL: 'FAILED', CANCEL: 'CANCELLED' },
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
 * Applies one event. A move that the table or its guards do not allow is refused with `ILLEGAL_TRANSITION`.
 * `version` is raised by one: the store writes only where the stored one is still the old.
 */
export function transition(promotion: Promotion, event: PromotionEvent, now: Date): Transitioned | Refusal {
  const listed = moves[promotion.state][event.kind];
  if (!listed || !guarded(promotion, event)) {
    const what = promotion.intent === 'ROLLBACK' ? 'A rollback' : 'A promotion';
    return refuse('ILLEGAL_TRANSITION', `${what} that is ${promotion.state} cannot take ${event.kind}.`);
  }
  const pauseReasons = isTerminal(listed) ? [] : reasonsAfter(promotion.pauseReasons, event, now);
  const state = pauseReasons.length > 0 ? 'PAUSED' : listed;
  const moved = { ...promotion, state, pauseReasons, version: promotion.version + 1 };
  return {
    promotion: { ...moved, ...changedBy(event, state, now) },
    effects: effectsOf(promotion, moved, event, now),
  };
}

function guarded({ state, intent, pauseReasons }: Promotion, event: PromotionEvent): boolean {
  if (event.kind === 'FAIL') return intent !== 'ROLLBACK' || !isRunning(state);
  if (event.kind !== 'RESUME' || event.pause === 'ALL') return true;
  return pauseReasons.some(({ kind }) => kind === event.pause);
}

/** A second pause of one kind says its newer reason, and keeps since when it holds. */
function reasonsAfter(
  reasons: readonly PauseReason[],
  event: PromotionEvent,
  now: Date,
): readonly PauseReason[] {
  if (event.kind === 'RESUME') {
    return event.pause === 'ALL' ? [] : reasons.filter(({ kind }) => kind !== event.pause);
  }
  if (event.kind !== 'PAUSE') return reasons;
  const before = reasons.find(({ kind }) => kind === event.pause);
  const reason = { kind: event.pause, message: event.reason, by: event.by, since: before?.since ?? now };
  return [...reasons.filter(({ kind }) => kind !== event.pause), reason];
}

function changedBy(event: PromotionEvent, state: PromotionState, now: Date): Partial<Promotion> {
  if (event.kind === 'START') return { startedAt: now, previousReleaseId: event.previousReleaseId };
  if (!isTerminal(state)) return {};
  const ended = { finishedAt: now, dueAt: null, outcome: outcomeOf(event) };
  return event.kind === 'SUPERSEDE' ? { ...ended, supersededById: event.by } : ended;
}

function outcomeOf(event: PromotionEvent): string {
  if ('evidence' in event) return event.evidence;
  return 'reason' in event ? event.reason : 'A newer release took its place.';
}

function effectsOf(before: Promotion, after: Promotion, event: PromotionEvent, now: Date): PromotionEffect[] {
  const [ran, runs] = [isRunning(before.state), isRunning(after.state)];
  return [
    ...effectsIf(!ran && runs, { kind: 'TAKE_SLOT' }),
    ...effectsIf(after.state === 'SUCCEEDED', { kind: 'QUALIFY' }),
    ...effectsIf(ran && !runs, { kind: 'FREE_SLOT' }),
    ...(event.kind === 'RESUME' ? askedAgain(before, event.pause) : []),
    ...(event.kind === 'RESUME' ? extended(before.pauseReasons, after.pauseReasons, now) : []),
  ];
}

function effectsIf(condition: boolean, effect: PromotionEffect): PromotionEffect[] {
  return condition ? [effect] : [];
}

function askedAgain({ pauseReasons }: Promotion, pause: PauseKind | 'ALL'): PromotionEffect[] {
  const asked = pause === 'ALL' || pause === 'INCONCLUSIVE';
  return asked && pauseReasons.some(({ kind }) => kind === 'INCONCLUSIVE') ? [{ kind: 'ASK_AGAIN' }] : [];
}

/** The paused time that no longer is: up to the earliest reason that is left, or until now. */
function extended(
  before: readonly PauseReason[],
  left: readonly PauseReason[],
  now: Date,
): PromotionEffect[] {
  const byMs = earliest(left, now) - earliest(before, now);
  return byMs > 0 ? [{ kind: 'EXTEND_DEADLINES', byMs }] : [];
}

function earliest(reasons: readonly PauseReason[], now: Date): number {
  return Math.min(now.getTime(), ...reasons.map(({ since }) => since.getTime()));
}
