// A promotion's row and its domain form.
import type {
  PauseReason,
  Promotion,
  PromotionIntent,
  PromotionState,
  PromotionStep,
} from './domain/promotion.ts';

/** The columns of `promotion` under the names of the domain. */
export interface PromotionRow {
  readonly id: bigint;
  readonly applicationId: bigint;
  readonly environmentId: bigint;
  readonly releaseId: bigint;
  readonly previousReleaseId: bigint | null;
  readonly intent: PromotionIntent;
  readonly state: PromotionState;
  readonly version: number;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly policyRevisionId: bigint;
  readonly policyRevision: number;
  readonly step: unknown;
  readonly retryOfId: bigint | null;
  readonly rollbackOfId: bigint | null;
  readonly supersededById: bigint | null;
  readonly outcome: string | null;
  readonly pauseReasons: unknown;
  readonly dueAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Takes the known columns only, so that nothing of storage leaks. */
export function toPromotion(row: PromotionRow): Promotion {
  const { id, applicationId, environmentId, releaseId, previousReleaseId, intent, state, version } = row;
  const {
    requestedBy,
    reason,
    policyRevisionId,
    policyRevision,
    retryOfId,
    rollbackOfId,
    supersededById,
    outcome,
  } = row;
  const { dueAt, createdAt, startedAt, finishedAt } = row;
  return {
    id,
    applicationId,
    environmentId,
    releaseId,
    previousReleaseId,
    intent,
    state,
    version,
    requestedBy,
    reason,
    policyRevisionId,
    policyRevision,
    retryOfId,
    rollbackOfId,
    supersededById,
    outcome,
    dueAt,
    createdAt,
    startedAt,
    finishedAt,
    step: row.step as PromotionStep,
    pauseReasons: (row.pauseReasons as readonly StoredReason[]).map((stored) => ({
      ...stored,
      since: new Date(stored.since),
    })),
  };
}

type StoredReason = Omit<PauseReason, 'since'> & { readonly since: string };
