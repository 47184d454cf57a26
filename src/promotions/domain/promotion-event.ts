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
    message: event ? sentence(event, what, environment) : requested(promotion, what, environment),
    application,
    environment,
    promotionId: promotion.id,
    data: { release, intent: promotion.intent, state: promotion.state },
  };
}

const kinds: Readonly<Record<PromotionEvent['kind'], string>> = {
  START: 'promotion.started',
  WAVES_PASSED: 'promotion.waves-passed',
  VERIFIED: 'promotion.succeeded',
  FAIL: 'promotion.failed',
  PAUSE: 'promotion.paused',
  RESUME: 'promotion.resumed',
  CANCEL: 'promotion.cancelled',
  SUPERSEDE: 'promotion.superseded',
};

function requested(promotion: Promotion, what: string, environment: string): string {
  return `${what} is to enter ${environment}${promotion.reason ? `: ${promotion.reason}` : '.'}`;
}

function sentence(event: PromotionEvent, what: string, environment: string): string {
  switch (event.kind) {
    case 'START':
      return `${what} rolls out in ${environment}.`;
    case 'WAVES_PASSED':
      return `${what} is synced and healthy on every counted cluster of ${environment}.`;
    case 'VERIFIED':
      return `${what} is verified in ${environment}.`;
    case 'FAIL':
      return `${what} failed in ${environment}: ${event.evidence}`;
    case 'PAUSE':
      return `${what} is paused in ${environment}: ${event.reason}`;
    case 'RESUME':
      return `${what} goes on in ${environment}.`;
    case 'CANCEL':
      return `${what} was cancelled in ${environment}: ${event.reason}`;
    case 'SUPERSEDE':
      return `${what} will not enter ${environment}: a newer release took its place.`;
  }
}
