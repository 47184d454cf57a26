// Judges what runs in a slot: moves its targets by what the agents reported, and ends it when they say so.
import { Injectable } from '@nestjs/common';
import { Hearing } from '../clusters/hearing-port.ts';
import { Config } from '../platform/config/config.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Promotion } from './domain/promotion.ts';
import { count, judgeWave, type TargetTally, type WaveVerdict } from './domain/wave-progress.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

/** A target may be DEGRADED this long before it counts as failed: pods that wait for each other settle. */
export const DEGRADED_GRACE_MS = 120_000;

const NAMED_IN_EVIDENCE = 3;

@Injectable()
export class RolloutSettler {
  constructor(
    private readonly store: PromotionStore,
    private readonly transitions: PromotionTransitions,
    private readonly config: Config,
    private readonly hearing: Hearing,
  ) {}

  /** The caller has locked the slot. Returns the promotion as it is now. */
  async settle(tx: Transaction, promotion: Promotion): Promise<Promotion> {
    const tally = await this.store.judgeTargets(tx, promotion, {
      degradedGraceMs: DEGRADED_GRACE_MS,
      offlineAfterMs: this.config.offlineAfterMs,
      progressDeadlineMs: promotion.step.progressDeadlineMs,
      clockCounts: await this.hearing.silenceCounts(tx),
    });
    const resumed = await this.resumeWhenSomebodyIsLeft(tx, promotion, tally);
    return this.act(tx, resumed, judgeWave(tally), tally);
  }

  private async resumeWhenSomebodyIsLeft(
    tx: Transaction,
    promotion: Promotion,
    tally: TargetTally,
  ): Promise<Promotion> {
    if (promotion.state !== 'PAUSED' || judgeWave(tally) === 'EMPTY') return promotion;
    return this.transitions.apply(tx, promotion, { kind: 'RESUME' });
  }

  private async act(
    tx: Transaction,
    promotion: Promotion,
    verdict: WaveVerdict,
    tally: TargetTally,
  ): Promise<Promotion> {
    switch (verdict) {
      case 'MOVING':
        return promotion;
      case 'PASSED':
        return this.pass(tx, promotion);
      case 'FAILED':
        return this.fail(tx, promotion);
      case 'EMPTY':
        return this.pauseWhenAllLeft(tx, promotion, tally);
    }
  }

  private async pass(tx: Transaction, promotion: Promotion): Promise<Promotion> {
    await this.store.finishWave(tx, promotion, 'PASSED');
    const verifying = await this.transitions.apply(tx, promotion, { kind: 'WAVES_PASSED' });
    return this.transitions.apply(tx, verifying, { kind: 'VERIFIED' });
  }

  private async fail(tx: Transaction, promotion: Promotion): Promise<Promotion> {
    const failed = await this.store.targetsIn(tx, promotion, ['FAILED', 'TIMED_OUT'], NAMED_IN_EVIDENCE);
    const evidence = failed
      .map(({ cluster, state, message }) => `${cluster} ${state}${message === '' ? '' : ` (${message})`}`)
      .join('; ');
    await this.store.finishWave(tx, promotion, 'FAILED');
    return this.transitions.apply(tx, promotion, { kind: 'FAIL', evidence: `${evidence}.` });
  }

  /** Offline clusters may come back, so they only make it wait; when every cluster has left it is paused. */
  private async pauseWhenAllLeft(
    tx: Transaction,
    promotion: Promotion,
    tally: TargetTally,
  ): Promise<Promotion> {
    if (promotion.state === 'PAUSED' || count(tally, 'OFFLINE') > 0) return promotion;
    const reason = 'Every cluster of the rollout has left the environment; it goes on when one joins.';
    return this.transitions.apply(tx, promotion, { kind: 'PAUSE', reason });
  }
}
