// One sentence of where a promotion stands, then what it waits for.
import type { PromotionNames } from './promotion-event.ts';
import type { Promotion } from './promotion.ts';
import type { Wait } from './wait.ts';

/** What a person reads first; a promotion that ended says how. */
export function explainPromotion(
  { state, outcome, requestedBy }: Promotion,
  { application, environment, release }: PromotionNames,
  waits: readonly Wait[],
): string[] {
  const what = `Release ${release} of ${application} to ${environment}, requested by ${requestedBy}, is ${state}`;
  const first = outcome ? `${what}: ${outcome}` : `${what}.`;
  return [first, ...waits.map((wait) => wait.message)];
}
