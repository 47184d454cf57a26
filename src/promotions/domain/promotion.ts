// The vocabulary of promotions: their states, what can happen to them, and what each holds.

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

/** FORWARD brings a release on; ROLLBACK returns to one that ran here before. */
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
  readonly policyRevision: number;
  /** The policy's step as it was when the promotion was made. */
  readonly step: PromotionStep;
  readonly rollbackOfId: bigint | null;
  readonly supersededById: bigint | null;
  /** Why it ended as it did, with the evidence, in words. */
  readonly outcome: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What a promotion needs to remember of its policy step. */
export interface PromotionStep {
  /** Environments in which the release must be VERIFIED first. */
  readonly upstream: readonly string[];
  /** Per target, from ASSIGNED. */
  readonly progressDeadlineMs: number;
}

/** Whether the promotion holds its slot. */
export function isRunning(state: PromotionState): boolean {
  return runningStates.includes(state);
}

/** Whether nothing can happen to the promotion any more. */
export function isTerminal(state: PromotionState): boolean {
  return state !== 'PENDING' && !isRunning(state);
}
