// A promotion and its step for tests of pure rules: every field as it is when nothing was said.
import type { WaveRule } from '../../src/policies/domain/policy-step.ts';
import type { Promotion, PromotionStep } from '../../src/promotions/domain/promotion.ts';

/** A step with every default of the API. */
export function sampleStep(over: Partial<PromotionStep> = {}): PromotionStep {
  return {
    environment: 'prod',
    upstream: [],
    gates: [],
    waves: [],
    verification: [],
    supersede: 'LATEST_WINS',
    onFailure: { rollback: 'NONE', hold: true },
    progressDeadlineMs: 900_000,
    hotfixSkips: [],
    offline: 'EXCLUDE_AND_CATCH_UP',
    onFreeze: 'FINISH_WAVE',
    ...over,
  };
}

/** A wave with every default of the API: all clusters that remain. */
export function sampleWave(name: string, over: Partial<WaveRule> = {}): WaveRule {
  return {
    name,
    selector: null,
    percent: null,
    count: null,
    maxConcurrent: null,
    maxConcurrentPercent: null,
    bakeMs: 0,
    maxFailures: null,
    maxFailuresPercent: null,
    maxOffline: null,
    maxOfflinePercent: null,
    approval: null,
    verification: [],
    ...over,
  };
}

/** PENDING, asked for by ada. */
export function samplePromotion(over: Partial<Promotion> = {}): Promotion {
  return {
    id: 1n,
    applicationId: 2n,
    environmentId: 3n,
    releaseId: 4n,
    previousReleaseId: null,
    intent: 'FORWARD',
    state: 'PENDING',
    version: 7,
    requestedBy: 'ada',
    reason: null,
    policyRevisionId: 5n,
    policyRevision: 1,
    step: sampleStep(),
    retryOfId: null,
    rollbackOfId: null,
    supersededById: null,
    outcome: null,
    pauseReasons: [],
    dueAt: null,
    createdAt: new Date(0),
    startedAt: null,
    finishedAt: null,
    ...over,
  };
}
