// The vocabulary of promotions: their states, why they are paused, and what each holds.
import type { PolicyStep } from '../../policies/domain/policy-step.ts';

/** The actor of everything that no person asked for. */
export const AUTOMATION = 'fairlead';

/** Running ones hold the slot; the six last ones are terminal and never reopen. */
export type PromotionState =
  | 'PENDING'
  | 'ROLLING'
  | 'PAUSED'
  | 'VERIFYING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'REJECTED'
  | 'CANCELLED'
  | 'SUPERSEDED'
  | 'EXPIRED';

/**
 * FORWARD brings a release on; ROLLBACK returns to one that ran here before; HOTFIX is a FORWARD that passes over the
 * gates which its step names; REDEPLOY brings the current release once more.
 */
export type PromotionIntent = 'FORWARD' | 'ROLLBACK' | 'HOTFIX' | 'REDEPLOY';

/** Hold the slot: at most one of them per application and environment. */
export const runningStates: readonly PromotionState[] = ['ROLLING', 'PAUSED', 'VERIFYING'];

export type WaveState = 'PENDING' | 'IN_PROGRESS' | 'BAKING' | 'PASSED' | 'FAILED' | 'SKIPPED';

export type TargetState =
  | 'PENDING'
  | 'ASSIGNED'
  | 'APPLYING'
  | 'READY'
  | 'BAKED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'OFFLINE'
  | 'SKIPPED'
  | 'REMOVED';

/**
 * What holds a running promotion. PERSON: somebody paused it; FREEZE: a freeze began; OFFLINE: more clusters are silent
 * than the wave bears; EMPTY: its last cluster left, or it cannot be rendered for any; INCONCLUSIVE: a verification could not be judged;
 * ROLLBACK_FAILED: a rollback that did not help, which is never rolled back itself.
 */
export type PauseKind = 'PERSON' | 'FREEZE' | 'OFFLINE' | 'EMPTY' | 'INCONCLUSIVE' | 'ROLLBACK_FAILED';

/** One reason of a pause; there is at most one of each kind, and it goes on when none is left. */
export interface PauseReason {
  readonly kind: PauseKind;
  readonly message: string;
  readonly by: string;
  readonly since: Date;
}

/** One release moving into one slot. */
export interface Promotion {
  readonly id: bigint;
  readonly applicationId: bigint;
  readonly environmentId: bigint;
  readonly releaseId: bigint;
  readonly previousReleaseId: bigint | null;
  readonly intent: PromotionIntent;
  readonly state: PromotionState;
  /** Raised by every change; who writes with an older one has lost the race and reads again. */
  readonly version: number;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly policyRevisionId: bigint;
  readonly policyRevision: number;
  /** The policy's step as it was when the promotion was made. */
  readonly step: PromotionStep;
  readonly retryOfId: bigint | null;
  readonly rollbackOfId: bigint | null;
  readonly supersededById: bigint | null;
  /** Why it ended as it did, with the evidence, in words. */
  readonly outcome: string | null;
  /** Empty unless it is PAUSED. */
  readonly pauseReasons: readonly PauseReason[];
  /** The nearest moment at which the clock alone may move it; null: nothing but an event does. */
  readonly dueAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The policy's step as the promotion found it; edits of the policy do not reach what runs. */
export type PromotionStep = Omit<PolicyStep, 'after' | 'trigger'> & {
  /** Environments in which the release must be VERIFIED first. */
  readonly upstream: readonly string[];
};

/** Whether the promotion holds its slot. */
export function isRunning(state: PromotionState): boolean {
  return runningStates.includes(state);
}

/** Whether nothing can happen to the promotion any more. */
export function isTerminal(state: PromotionState): boolean {
  return state !== 'PENDING' && !isRunning(state);
}
