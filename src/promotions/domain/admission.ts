// Whether a promotion may be made at all: what `promote` and `rollback` refuse, and why.
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { isRunning, isTerminal, type Promotion, type PromotionIntent } from './promotion.ts';
import { refuseReason } from './reason.ts';

interface SlotState {
  readonly currentReleaseId: bigint | null;
  readonly verifiedReleaseId: bigint | null;
}

/** What a promotion that a person asks for is judged by, read under the slot's lock. */
export interface ForwardFacts {
  readonly application: string;
  readonly environment: string;
  /** Left out: FORWARD. */
  readonly intent?: Exclude<PromotionIntent, 'ROLLBACK'> | undefined;
  readonly reason?: string | undefined;
  readonly release: number;
  readonly releaseId: bigint;
  readonly slot: SlotState;
  readonly currentNumber: number | undefined;
  readonly open: readonly Promotion[];
}

/** Why a release may not be brought on here; `undefined`: it may. */
export function refuseForward(facts: ForwardFacts): Refusal | undefined {
  const { intent, reason } = facts;
  const unreasoned = intent === 'HOTFIX' ? refuseReason('A hotfix', reason) : undefined;
  return (
    unreasoned ?? refuseOpen(facts) ?? (intent === 'REDEPLOY' ? refuseRedeploy(facts) : refuseNext(facts))
  );
}

/** What waits and gives way to a hotfix of the same release: it would go the same way, only later. */
export function givesWayToHotfix({
  open,
  releaseId,
  intent,
}: Pick<ForwardFacts, 'open' | 'releaseId' | 'intent'>) {
  if (intent !== 'HOTFIX') return [];
  return open.filter(
    (each) => each.releaseId === releaseId && each.state === 'PENDING' && each.intent === 'FORWARD',
  );
}

function refuseOpen(facts: ForwardFacts): Refusal | undefined {
  const { application, environment, release, releaseId, open } = facts;
  const givingWay = givesWayToHotfix(facts);
  const same = open.find((promotion) => promotion.releaseId === releaseId && !givingWay.includes(promotion));
  if (!same) return undefined;
  const state = isRunning(same.state) ? 'is being rolled out' : 'already waits';
  return refuse('ALREADY_OPEN', `Release ${release} of ${application} ${state} in ${environment}.`);
}

function refuseRedeploy({
  application,
  environment,
  release,
  releaseId,
  slot,
}: ForwardFacts): Refusal | undefined {
  if (slot.currentReleaseId === releaseId) return undefined;
  const message = `Release ${release} of ${application} does not run in ${environment}: only what runs can be deployed again.`;
  return refuse('NOT_CURRENT', message);
}

function refuseNext(facts: ForwardFacts): Refusal | undefined {
  const { application, environment, release, releaseId, slot, currentNumber } = facts;
  if (slot.currentReleaseId === releaseId && slot.verifiedReleaseId === releaseId) {
    const message = `Release ${release} of ${application} already runs in ${environment}; to deploy it again, use the intent REDEPLOY.`;
    return refuse('ALREADY_CURRENT', message);
  }
  if (currentNumber !== undefined && release < currentNumber) {
    const message = `Release ${release} is older than release ${currentNumber}, which runs in ${environment}: use rollback.`;
    return refuse('OLDER_RELEASE', message);
  }
  return undefined;
}

/** Why a promotion that ended may not be tried again; `undefined`: it may, if its release may be brought on at all. */
export function refuseRetry({ state, intent }: Pick<Promotion, 'state' | 'intent'>): Refusal | undefined {
  if (!isTerminal(state))
    return refuse('NOT_ENDED', `The promotion is ${state}: only what has ended is tried again.`);
  if (state === 'SUCCEEDED') {
    return refuse(
      'ALREADY_SUCCEEDED',
      'The promotion succeeded; to deploy its release again, use the intent REDEPLOY.',
    );
  }
  return intent === 'ROLLBACK'
    ? refuse('USE_ROLLBACK', 'A rollback is not tried again: ask for a new one with rollback.')
    : undefined;
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
