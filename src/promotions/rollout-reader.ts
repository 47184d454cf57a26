// Reads what a running promotion's next step is decided by: its targets judged anew, its waves, its gates and checks.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { Checks, type CheckRunState } from './checks/checks-port.ts';
import {
  currentWave,
  wantedChecks,
  type CheckAnswer,
  type NamedCheck,
  type RolloutFacts,
} from './domain/next-rollout-step.ts';
import type { Promotion } from './domain/promotion.ts';
import type { WaveFacts } from './domain/wave-progress.ts';
import { RolloutRules, type RulesOfNow } from './rollout-rules.ts';
import { RolloutStore } from './rollout-store.ts';
import { WaveGates } from './wave-gates.ts';

/** The facts, and the nearest moment at which one of them changes by the clock alone. */
export interface ReadRollout {
  readonly facts: RolloutFacts;
  readonly until: Date | null;
  /** By which the targets were judged. */
  readonly rules: RulesOfNow;
}

@Injectable()
export class RolloutReader {
  constructor(
    private readonly rollouts: RolloutStore,
    private readonly rules: RolloutRules,
    private readonly gates: WaveGates,
    private readonly checks: Checks,
  ) {}

  /**
   * The caller has locked the slot. Targets are moved by what is known of them, which is a write. `judged`: the waves with
   * targets that were judged in this transaction and that nothing has changed since.
   */
  async read(tx: Transaction, promotion: Promotion, judged?: readonly WaveFacts[]): Promise<ReadRollout> {
    const rules = await this.rules.now(tx);
    const waves = judged ?? (await this.judge(tx, promotion, rules));
    const { blocked, halted, until } = await this.gates.ask(tx, promotion, currentWave(waves));
    const checks = await this.answers(tx, promotion, waves);
    return { facts: { promotion, waves, blocked, halted, checks }, until, rules };
  }

  private async judge(tx: Transaction, promotion: Promotion, rules: RulesOfNow): Promise<WaveFacts[]> {
    await this.rollouts.judge(tx, promotion, { ...rules, ...promotion.step });
    return this.rollouts.waves(tx, promotion);
  }

  private async answers(
    tx: Transaction,
    promotion: Promotion,
    waves: readonly WaveFacts[],
  ): Promise<CheckAnswer[]> {
    const wanted = wantedChecks({ promotion, waves });
    if (wanted.length === 0) return [];
    const overridden = await this.rollouts.overridden(tx, promotion);
    const asked = wanted.filter(({ gate }) => !overridden.has(gate));
    const clusterIds = await this.clustersOf(tx, waves, wanted);
    const runs = asked.map(({ gate, rule }) => ({ gate, rule, ...(clusterIds ? { clusterIds } : {}) }));
    const states = runs.length > 0 ? await this.checks.ensure(tx, promotion, runs) : [];
    return [...states.map(answerOf), ...wanted.filter(({ gate }) => overridden.has(gate)).map(passedOver)];
  }

  /** A wave's Job runs where the wave did; the last verification everywhere. */
  private async clustersOf(
    tx: Transaction,
    waves: readonly WaveFacts[],
    wanted: readonly NamedCheck[],
  ): Promise<bigint[] | undefined> {
    const wave = waves.find(({ position }) => position === wanted[0]?.wave);
    return wave && wanted.some(({ rule }) => rule.kind === 'job')
      ? this.rollouts.clustersOf(tx, wave.id)
      : undefined;
  }
}

function answerOf({ gate, state, message }: CheckRunState): CheckAnswer {
  return { gate, state, message };
}

function passedOver({ gate }: NamedCheck): CheckAnswer {
  return { gate, state: 'OVERRIDDEN', message: '' };
}
