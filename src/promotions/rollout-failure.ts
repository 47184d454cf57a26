// Ends a rollout that failed, and in the same transaction sends the linked rollback on its way and holds back what is
// newer: a crash leaves either all of it or nothing.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { CheckAnswer, RolloutFacts } from './domain/next-rollout-step.ts';
import { AUTOMATION, type Promotion } from './domain/promotion.ts';
import { exceedsFailures, type WaveFacts } from './domain/wave-progress.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import type { PreparedRollback, RollbackWanted } from './rollback-preparation.ts';
import { RolloutPlanner } from './rollout-planner.ts';
import { RolloutStore } from './rollout-store.ts';

/** Why it failed, and what was made ready for that. */
export interface Failing {
  /** The verification that failed; absent: clusters did. */
  readonly check: CheckAnswer | undefined;
  readonly facts: RolloutFacts;
  readonly prepared: PreparedRollback | undefined;
}

/** FAILED, with the rollback that was made of it; or what must be prepared first, and nothing was written. */
export type Failed =
  | { readonly failed: Promotion; readonly rollback: Promotion | undefined }
  | { readonly prepare: RollbackWanted };

interface Verdict {
  readonly wave: WaveFacts | undefined;
  readonly evidence: string;
}

const NAMED_IN_EVIDENCE = 3;

@Injectable()
export class RolloutFailure {
  constructor(
    private readonly store: PromotionStore,
    private readonly rollouts: RolloutStore,
    private readonly facts: PromotionFactsStore,
    private readonly planner: RolloutPlanner,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** The caller has locked the slot; `promotion` runs and is no rollback. */
  async fail(tx: Transaction, promotion: Promotion, failing: Failing): Promise<Failed> {
    const wanted = await this.wanted(tx, promotion);
    if (wanted && !isFor(failing.prepared, wanted)) return { prepare: wanted };
    const verdict = await this.verdictOf(tx, promotion, failing);
    if (verdict.wave) await this.rollouts.setWave(tx, verdict.wave.id, 'FAILED');
    const back = await this.wayBack(tx, promotion, failing.prepared);
    const evidence = `${verdict.evidence} ${back.words}`.trim();
    const failed = await this.transitions.apply(tx, promotion, { kind: 'FAIL', evidence });
    const rollback = back.prepared && (await this.rollBack(tx, failed, back.prepared, verdict));
    return { failed, rollback };
  }

  private async wanted(tx: Transaction, promotion: Promotion): Promise<RollbackWanted | undefined> {
    if (promotion.step.onFailure.rollback === 'NONE') return undefined;
    const toReleaseId = await this.store.lastVerified(tx, promotion, promotion.releaseId);
    const { environmentId, releaseId: fromReleaseId } = promotion;
    return toReleaseId === undefined ? undefined : { environmentId, fromReleaseId, toReleaseId };
  }

  private async verdictOf(
    tx: Transaction,
    promotion: Promotion,
    { check, facts }: Failing,
  ): Promise<Verdict> {
    const wave = check
      ? facts.waves.find(({ rule }) => check.gate.startsWith(`wave:${rule.name}:`))
      : facts.waves.find(exceedsFailures);
    if (check) return { wave, evidence: `${check.gate} failed: ${check.message}` };
    return { wave, evidence: await this.failedOnes(tx, promotion) };
  }

  /** The clusters that failed, a few of them by name with what their agents said. */
  async failedOnes(tx: Transaction, promotion: Promotion): Promise<string> {
    const bad = await this.rollouts.targetsIn(tx, promotion, ['FAILED', 'TIMED_OUT'], NAMED_IN_EVIDENCE + 1);
    const named = bad.map(
      ({ cluster, state, message }) => `${cluster} ${state}${message === '' ? '' : ` (${message})`}`,
    );
    const more = named.length > NAMED_IN_EVIDENCE ? '; …' : '';
    return `${named.slice(0, NAMED_IN_EVIDENCE).join('; ')}${more}.`;
  }

  /** The way back that is open, or words that say why none is. */
  private async wayBack(
    tx: Transaction,
    { step }: Promotion,
    prepared: PreparedRollback | undefined,
  ): Promise<{ readonly words: string; readonly prepared?: PreparedRollback }> {
    if (step.onFailure.rollback === 'NONE') return { words: '' };
    if (!prepared) return { words: 'There is no verified release to return to: roll forward.' };
    const release = await this.facts.releaseById(tx, prepared.toReleaseId);
    if (!release) return { words: 'The last verified release is gone: roll forward.' };
    if (prepared.reasons.length === 0)
      return { words: `Rolling back to release ${release.number}.`, prepared };
    const reasons = prepared.reasons.join(' ');
    return { words: `Not rolled back to release ${release.number}: ${reasons} Roll forward instead.` };
  }

  private async rollBack(
    tx: Transaction,
    failed: Promotion,
    prepared: PreparedRollback,
    { wave, evidence }: Verdict,
  ): Promise<Promotion> {
    const { applicationId, environmentId, step, policyRevision, policyRevisionId } = failed;
    const created = await this.store.create(tx, {
      applicationId,
      environmentId,
      step,
      policyRevision,
      policyRevisionId,
      releaseId: prepared.toReleaseId,
      intent: 'ROLLBACK',
      requestedBy: AUTOMATION,
      reason: evidence,
      idempotencyKey: `rollback:${failed.id}`,
      retryOfId: null,
      rollbackOfId: failed.id,
    });
    if (!created) throw new Error(`Promotion ${failed.id} was rolled back before it failed.`);
    await this.transitions.created(tx, created);
    await this.hold(tx, failed);
    const only =
      step.onFailure.rollback === 'WAVE' && wave ? await this.rollouts.clustersOf(tx, wave.id) : undefined;
    return this.planner.start(tx, created, prepared.rendered, only && new Set(only));
  }

  /** Newer releases wait for a person where the policy says so; the one that failed does in any case. */
  private async hold(tx: Transaction, failed: Promotion): Promise<void> {
    const release = await this.facts.releaseById(tx, failed.releaseId);
    const reason = `Release ${release?.number ?? '?'} failed here and was rolled back.`;
    const releaseId = failed.step.onFailure.hold ? null : failed.releaseId;
    await this.store.holdForward(tx, failed, { reason, by: AUTOMATION, releaseId });
  }
}

function isFor(prepared: PreparedRollback | undefined, wanted: RollbackWanted): boolean {
  return prepared?.fromReleaseId === wanted.fromReleaseId && prepared.toReleaseId === wanted.toReleaseId;
}
