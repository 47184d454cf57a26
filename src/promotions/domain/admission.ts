// Whether a promotion may be made at all: what `promote` and `rollback` refuse, and why.
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { isRunning, type Promotion } from './promotion.ts';

interface SlotState {
  readonly currentReleaseId: bigint | null;
  readonly verifiedReleaseId: bigint | null;
}

/** What a forward promotion is judged by, read under the slot's lock. */
export interface ForwardFacts {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly releaseId: bigint;
  readonly slot: SlotState;
  readonly currentNumber: number | undefined;
  readonly open: readonly Promotion[];
}

/** Why a release may not be brought on here; `undefined`: it may. */
export function refuseForward(facts: ForwardFacts): Refusal | undefined {
  const { application, environment, release, releaseId, slot, open, currentNumber } = facts;
  const same = open.find((promotion) => promotion.releaseId === releaseId);
  if (same) {
    const state = isRunning(same.state) ? 'is being rolled out' : 'already waits';
    return refuse('ALREADY_OPEN', `Release ${release} of ${application} ${state} in ${environment}.`);
  }
  if (slot.currentReleaseId === releaseId && slot.verifiedReleaseId === releaseId) {
    return refuse('ALREADY_CURRENT', `Release ${release} of ${application} already runs in ${environment}.`);
  }
  if (currentNumber !== undefined && release < currentNumber) {
    const message = `Release ${release} is older than release ${currentNumber}, which runs in ${environment}: use rollback.`;
    return refuse('OLDER_RELEASE', message);
  }
  return undefined;
}

/** What a rollback is judged by. */
export interface RollbackFacts {
  readonly application: string;
  readonly environment: string;
  readonly toRelease?: number | undefined;
  readonly wanted: bigint | undefined;
  /** Whether `wanted` was ever rolled out in this slot. */
  readonly wantedRanHere: boolean;
  readonly lastVerified: bigint | undefined;
  readonly slot: SlotState;
}

/** The release to return to, or why there is none. */
export function rollbackTarget(facts: RollbackFacts): bigint | Refusal {
  const { application, environment, wanted, lastVerified, slot } = facts;
  if (slot.currentReleaseId === null) {
    return refuse(
      'NOTHING_RUNS',
      `No release of ${application} runs in ${environment}, so there is nothing to roll back.`,
    );
  }
  if (wanted !== undefined && !facts.wantedRanHere) {
    const message = `Release ${facts.toRelease} of ${application} never ran in ${environment}: a rollback skips the gates, so it only returns to what did; use promote.`;
    return refuse('NEVER_RAN_HERE', message);
  }
  const target = wanted ?? lastVerified;
  if (target === undefined) {
    const message = `No other release of ${application} was ever verified in ${environment}: name one with toRelease.`;
    return refuse('NO_ROLLBACK_TARGET', message);
  }
  if (target === slot.currentReleaseId && target === slot.verifiedReleaseId) {
    return refuse(
      'ALREADY_CURRENT',
      `Release ${facts.toRelease} of ${application} already runs in ${environment}.`,
    );
  }
  return target;
}
