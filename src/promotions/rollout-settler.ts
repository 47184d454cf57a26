// Moves what runs in a slot as far as it can go now, step by step, in one transaction. A crash loses at most a step that
// nobody has seen; whoever comes next reads the same facts and does the same.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import {
  nextRolloutStep,
  waveStateAfter,
  type RolloutFacts,
  type RolloutStep,
} from './domain/next-rollout-step.ts';
import { AUTOMATION, isRunning, type Promotion } from './domain/promotion.ts';
import { count, counted, type WaveFacts } from './domain/wave-progress.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import type { PreparedRollback, RollbackWanted } from './rollback-preparation.ts';
import { RolloutFailure, type Failing } from './rollout-failure.ts';
import { RolloutReader } from './rollout-reader.ts';
import { RolloutStore } from './rollout-store.ts';
import { WaveAssigner } from './wave-assigner.ts';

/** More steps than any plan needs at one go; what is left comes with the next look. */
const MAX_STEPS = 200;
const CARRIED_ON = { carriedOn: true } as const;

/** The promotion as it is now, or the rollback that must be prepared before it may fail. */
export type Settled = { readonly promotion: Promotion } | { readonly prepare: RollbackWanted };

type Taken = Exclude<
  RolloutStep,
  { readonly kind: 'FAIL' } | { readonly kind: 'FAIL_CHECK' } | { readonly kind: 'WAIT' }
>;

@Injectable()
export class RolloutSettler {
  constructor(
    private readonly reader: RolloutReader,
    private readonly rollouts: RolloutStore,
    private readonly assigner: WaveAssigner,
    private readonly transitions: PromotionTransitions,
    private readonly failure: RolloutFailure,
  ) {}

  /**
   * The caller has locked the slot. Where the promotion fails and is to be rolled back, `prepared` must hold what it
   * returns to; without it the answer names what is to be prepared, outside any transaction, before the next call.
   */
  async settle(tx: Transaction, promotion: Promotion, prepared?: PreparedRollback): Promise<Settled> {
    let current = promotion;
    let judged: readonly WaveFacts[] | undefined;
    for (let taken = 0; taken < MAX_STEPS && isRunning(current.state); taken += 1) {
      const { facts, until, rules } = await this.reader.read(tx, current, judged);
      const step = nextRolloutStep(facts);
      if (step.kind === 'WAIT') {
        await this.rollouts.noteDue(tx, current, rules, { until, quietUntil: rules.quietUntil });
        return { promotion: current };
      }
      if (step.kind === 'FAIL' || step.kind === 'FAIL_CHECK') {
        const check = step.kind === 'FAIL_CHECK' ? step.check : undefined;
        return this.fail(tx, current, { check, facts, prepared });
      }
      current = await this.take(tx, current, facts, step);
      judged = afterStep(facts.waves, step);
    }
    if (isRunning(current.state)) await this.transitions.lookAgain(tx, current);
    return { promotion: current };
  }

  private async fail(tx: Transaction, promotion: Promotion, failing: Failing): Promise<Settled> {
    const ended = await this.failure.fail(tx, promotion, failing);
    if ('prepare' in ended) {
      // Not every caller can prepare it, and where that fails nobody else would come back.
      await this.transitions.lookAgain(tx, promotion);
      return ended;
    }
    // The rollback goes out in the transaction that made it: a crash leaves either both or none.
    if (ended.rollback) await this.settle(tx, ended.rollback);
    return { promotion: ended.failed };
  }

  private async take(
    tx: Transaction,
    promotion: Promotion,
    { waves }: RolloutFacts,
    step: Taken,
  ): Promise<Promotion> {
    switch (step.kind) {
      case 'ASSIGN':
        await this.assigner.assign(tx, promotion, waveAt(waves, step.wave), step.limit);
        return promotion;
      case 'START_WAVE':
      case 'BAKE_WAVE':
      case 'SKIP_WAVE':
        await this.rollouts.setWave(tx, waveAt(waves, step.wave).id, waveStateAfter[step.kind]);
        return promotion;
      case 'PASS_WAVE':
        return this.passWave(tx, promotion, waveAt(waves, step.wave));
      case 'PAUSE':
        return this.pause(tx, promotion, step);
      case 'RESUME':
        return this.transitions.apply(tx, promotion, { ...step, by: AUTOMATION }, CARRIED_ON);
      case 'WAVES_PASSED':
        return this.transitions.apply(tx, promotion, { kind: 'WAVES_PASSED' }, CARRIED_ON);
      case 'VERIFIED':
        return this.transitions.apply(tx, promotion, { kind: 'VERIFIED', evidence: evidenceOf(waves) });
    }
  }

  /** A rollback that did not help names what is left, and what people can do. */
  private async pause(
    tx: Transaction,
    promotion: Promotion,
    step: Extract<RolloutStep, { kind: 'PAUSE' }>,
  ): Promise<Promotion> {
    const left = step.pause === 'ROLLBACK_FAILED' ? await this.failure.failedOnes(tx, promotion) : undefined;
    const reason = left === undefined ? step.reason : `${step.reason}: ${left} ${whatNow}`;
    return this.transitions.apply(tx, promotion, { ...step, reason, by: AUTOMATION }, CARRIED_ON);
  }

  private async passWave(tx: Transaction, promotion: Promotion, wave: WaveFacts): Promise<Promotion> {
    await this.rollouts.setWave(tx, wave.id, 'PASSED');
    return this.transitions.apply(tx, promotion, { kind: 'WAVE_PASSED', wave: wave.rule.name }, CARRIED_ON);
  }
}

const whatNow = 'It goes on when they come round; to bring another release, cancel it.';

/** The waves as they are after the step; undefined where it changes what its targets are judged by. */
function afterStep(waves: readonly WaveFacts[], step: Taken): readonly WaveFacts[] | undefined {
  switch (step.kind) {
    case 'START_WAVE':
    case 'BAKE_WAVE':
    case 'SKIP_WAVE':
    case 'PASS_WAVE':
      return waves.map((wave) =>
        wave.position === step.wave ? { ...wave, state: waveStateAfter[step.kind] } : wave,
      );
    case 'WAVES_PASSED':
    case 'VERIFIED':
      return waves;
    case 'ASSIGN':
    case 'PAUSE':
    case 'RESUME':
      return undefined;
  }
}

function waveAt(waves: readonly WaveFacts[], position: number): WaveFacts {
  const wave = waves.find((each) => each.position === position);
  if (!wave) throw new Error(`There is no wave at position ${position}.`);
  return wave;
}

function evidenceOf(waves: readonly WaveFacts[]): string {
  const ready = waves.reduce((sum, { tally }) => sum + count(tally, 'READY', 'BAKED'), 0);
  const all = waves.reduce((sum, wave) => sum + counted(wave), 0);
  if (ready === all) return 'Every counted cluster is synced and healthy on this release.';
  return `${ready} of ${all} clusters are synced and healthy on this release; the others are borne by the policy.`;
}
