// Which pending promotion of a slot is next, and which give way to it: LATEST_WINS.
import type { Promotion } from './promotion.ts';

/** The next one, and those that it takes the place of. */
export interface NextPromotion {
  readonly next: Promotion;
  readonly superseded: readonly Promotion[];
}

/**
 * Of `ready` (their own upstream has passed) the one with the newest release is next, whenever it was asked for. Only
 * older releases give way: one that is newer goes on waiting, though a person asked for this one after it.
 */
export function nextPromotion(
  pending: readonly Promotion[],
  ready: readonly Promotion[],
): NextPromotion | undefined {
  const [next] = ready.toSorted((a, b) => Number(b.releaseId - a.releaseId));
  if (!next) return undefined;
  return { next, superseded: pending.filter(({ releaseId }) => releaseId < next.releaseId) };
}
