// How a change of a promotion is told: one event, one sentence.
import type { Promotion } from './promotion.ts';
import type { PromotionEvent } from './transition.ts';

/** The names that a sentence about a promotion needs. */
export interface PromotionNames {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
}

/** An activity event; `undefined` for `event` means that the promotion was made. */
export function promotionEvent(
  promotion: Promotion,
  event: PromotionEvent | undefined,
  { application, environment, release }: PromotionNames,
  actor: string,
) {
  const what = `${promotion.intent === 'ROLLBACK' ? 'Rollback to release' : 'Release'} ${release} of ${application}`;
  return {
    kind: event ? kinds[event.kind] : 'promotion.created',
    actor,
    message: event
      ? sentence(event, { promotion, what, environment })
      : requested(promotion, what, environment),
    application,
    environment,
    promotionId: promotion.id,
    data: { release, intent: promotion.intent, state: promotion.state },
  };
}

const kinds: Readonly<Record<PromotionEvent['kind'], string>> = {
  START: 'promotion.started',
  WAVE_PASSED: 'promotion.wave-passed',
  WAVES_PASSED: 'promotion.waves-passed',
  VERIFIED: 'promotion.succeeded',
  FAIL: 'promotion.failed',
  PAUSE: 'promotion.paused',
  RESUME: 'promotion.resumed',
  CANCEL: 'promotion.cancelled',
  REJECT: 'promotion.rejected',
  SUPERSEDE: 'promotion.superseded',
  EXPIRE: 'promotion.expired',
};

function requested(promotion: Promotion, what: string, environment: string): string {
  return `${what} is to enter ${environment}${promotion.reason ? `: ${promotion.reason}` : '.'}`;
}

interface Told {
  readonly promotion: Promotion;
  readonly what: string;
  readonly environment: string;
}

function sentence(event: PromotionEvent, { promotion, what, environment }: Told): string {
  const remaining = promotion.pauseReasons.map(({ message }) => message).join(' ');
  if (event.kind === 'RESUME' && remaining !== '') {
    return `${what} stays paused in ${environment}: ${remaining}`;
  }
  return `${what} ${verbs[event.kind]} ${environment}${tail(event)}`;
}

const verbs: Readonly<Record<PromotionEvent['kind'], string>> = {
  START: 'rolls out in',
  WAVE_PASSED: 'has passed a wave in',
  WAVES_PASSED: 'is synced and healthy on every counted cluster of',
  VERIFIED: 'is verified in',
  FAIL: 'failed in',
  PAUSE: 'is paused in',
  RESUME: 'goes on in',
  CANCEL: 'was cancelled in',
  REJECT: 'was rejected for',
  SUPERSEDE: 'gave way to a newer release in',
  EXPIRE: 'waited too long to enter',
};

function tail(event: PromotionEvent): string {
  if ('evidence' in event) return `: ${event.evidence}`;
  if ('reason' in event) return `: ${event.reason}`;
  return 'wave' in event ? `: ${event.wave}.` : '.';
}
