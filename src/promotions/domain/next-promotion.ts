// Which pending promotion of a slot is next, and which give way to it.
import type { Promotion } from './promotion.ts';

/** A pending promotion, with what its gates say of its place in the queue. */
export interface Candidate {
  readonly promotion: Promotion;
  /** Its own UPSTREAM and SOAK have passed. */
  readonly mayOvertake: boolean;
  /** People have given every consent that it asks for. */
  readonly fullyApproved: boolean;
}

/** The next one, and those that it takes the place of. */
export interface NextPromotion {
  readonly next: Promotion;
  readonly superseded: readonly Promotion[];
}

/**
 * Rollbacks come first and hotfixes after them. Of the others, IN_ORDER: the oldest of those whose own UPSTREAM and SOAK
 * have passed goes first, and nobody gives way. LATEST_WINS: of those the one with the newest release is next, and older
 * releases give way to it, though they were asked for later; never one that is fully approved or that a person wants
 * again as it is: it goes first, and the newer one after it. What still soaks overtakes nobody, so that a commit a
 * minute keeps no environment waiting for ever.
 */
export function nextPromotion(candidates: readonly Candidate[]): NextPromotion | undefined {
  const ready = candidates.filter(({ mayOvertake }) => mayOvertake);
  const urgent =
    candidates.find(({ promotion }) => promotion.intent === 'ROLLBACK') ??
    ready.toSorted(newestFirst).find(({ promotion }) => promotion.intent === 'HOTFIX');
  if (urgent) return { next: urgent.promotion, superseded: [] };
  const newest = ready.toSorted(newestFirst)[0];
  if (!newest) return undefined;
  if (newest.promotion.step.supersede === 'IN_ORDER') return { next: oldest(ready), superseded: [] };
  const older = candidates.filter(({ promotion }) => promotion.releaseId < newest.promotion.releaseId);
  const pinned = ready.filter((each) => older.includes(each) && staysInPlace(each));
  const superseded = older.filter((each) => !staysInPlace(each)).map(({ promotion }) => promotion);
  return { next: pinned.length > 0 ? oldest(pinned) : newest.promotion, superseded };
}

/**
 * Those that a newer release has overtaken, a hotfix for example: to start them now would be to go back, which a
 * rollback alone does.
 */
export function overtaken(pending: readonly Promotion[], currentReleaseId: bigint | null): Promotion[] {
  if (currentReleaseId === null) return [];
  return pending.filter(({ intent, releaseId }) => intent !== 'ROLLBACK' && releaseId < currentReleaseId);
}

function staysInPlace({ promotion, fullyApproved }: Candidate): boolean {
  return fullyApproved || promotion.intent !== 'FORWARD';
}

/** By release: a newer one after an older one is a step forward, whenever they were asked for. */
function oldest(candidates: readonly Candidate[]): Promotion {
  const [first] = candidates.toSorted(newestFirst).toReversed();
  if (!first) throw new Error('There is no oldest of none.');
  return first.promotion;
}

function newestFirst({ promotion: a }: Candidate, { promotion: b }: Candidate): number {
  return a.releaseId === b.releaseId ? Number(b.id - a.id) : a.releaseId < b.releaseId ? 1 : -1;
}
