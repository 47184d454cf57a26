// A rollout in memory: the pure decisions of the hub over targets that a schedule of events moves. Time is a number.
import { isRefusal } from '../../src/platform/refusal.ts';
import {
  nextRolloutStep,
  wantedChecks,
  waveStateAfter,
  type CheckAnswer,
} from '../../src/promotions/domain/next-rollout-step.ts';
import type { RolloutStep } from '../../src/promotions/domain/next-rollout-step.ts';
import type { WaveRule } from '../../src/policies/domain/policy-step.ts';
import { planWaves, wavesOf } from '../../src/promotions/domain/plan-waves.ts';
import {
  isRunning,
  type Promotion,
  type TargetState,
  type WaveState,
} from '../../src/promotions/domain/promotion.ts';
import { transition, type PromotionEvent } from '../../src/promotions/domain/transition.ts';
import { type WaveFacts } from '../../src/promotions/domain/wave-progress.ts';

/** A cluster of the rollout, as the hub sees it. */
export interface SimulatedTarget {
  readonly id: bigint;
  readonly wave: number;
  state: TargetState;
  unwell: boolean;
  /** False: its cluster joined while the bundles of the others were rendered. */
  rendered: boolean;
  healthyAtMs: number;
}

/** What was done, in order; what an oracle judges. */
export interface Deed {
  readonly step: RolloutStep;
  /** As they were before it. */
  readonly targets: readonly Readonly<SimulatedTarget>[];
  readonly waveStates: readonly WaveState[];
  readonly rules: readonly WaveRule[];
  readonly blocked: boolean;
  readonly paused: boolean;
  readonly rollback: boolean;
}

/** One running promotion, its waves and its targets. */
export class SimulatedRollout {
  promotion: Promotion;
  readonly targets: SimulatedTarget[];
  readonly waveStates: WaveState[];
  readonly deeds: Deed[] = [];
  readonly checks = new Map<string, CheckAnswer['state']>();
  blocked = false;
  halted = false;
  nowMs = 0;

  constructor(promotion: Promotion, clusters: number) {
    const members = Array.from({ length: clusters }, (_, index) => ({ id: BigInt(index + 1), labels: {} }));
    const waves = planWaves(wavesOf(promotion.step, promotion.intent), members);
    this.promotion = promotion;
    this.waveStates = waves.map(() => 'PENDING');
    this.targets = waves.flatMap(({ clusterIds }, wave) =>
      clusterIds.map((id) => ({ ...asPlanned, id, wave })),
    );
  }

  /** Applies an event where it is legal; answers whether it was. */
  apply(event: PromotionEvent): boolean {
    const moved = transition(this.promotion, event, new Date(this.nowMs));
    if (isRefusal(moved)) return false;
    this.promotion = moved.promotion;
    return true;
  }

  /** Does everything that is to be done now. */
  settle(): void {
    for (let taken = 0; isRunning(this.promotion.state); taken += 1) {
      if (taken > 10_000) throw new Error('The rollout never comes to rest.');
      this.bake();
      const step = nextRolloutStep(this.facts());
      if (step.kind === 'WAIT') return;
      this.deeds.push(this.deed(step));
      this.take(step);
    }
  }

  waves(): WaveFacts[] {
    return wavesOf(this.promotion.step, this.promotion.intent).map((rule, position) => {
      const mine = this.targets.filter(({ wave }) => wave === position);
      const tally: Partial<Record<TargetState, number>> = {};
      for (const { state } of mine) tally[state] = (tally[state] ?? 0) + 1;
      const unrendered = mine.filter(({ state, rendered }) => state === 'PENDING' && !rendered).length;
      const unwell = mine.filter((target) => target.unwell && isWatched(target.state)).length;
      return {
        id: BigInt(position),
        position,
        rule,
        state: this.waveStates[position] ?? 'PENDING',
        tally,
        unwell,
        unrendered,
      };
    });
  }

  private deed(step: RolloutStep): Deed {
    const { promotion, waveStates, blocked } = this;
    const targets = this.targets.map((target) => ({ ...target }));
    const rules = wavesOf(promotion.step, promotion.intent);
    const [paused, rollback] = [promotion.state === 'PAUSED', promotion.intent === 'ROLLBACK'];
    return { step, targets, waveStates: [...waveStates], rules, blocked, paused, rollback };
  }

  private facts() {
    const { promotion } = this;
    const waves = this.waves();
    const checks = wantedChecks({ promotion, waves }).map(({ gate }) => ({
      gate,
      state: this.checks.get(gate) ?? ('RUNNING' as const),
      message: `${gate}.`,
    }));
    const blocked = this.blocked ? ['A window is closed.'] : [];
    return { promotion, waves, blocked, halted: this.halted ? ['A freeze began.'] : [], checks };
  }

  private bake(): void {
    const waves = wavesOf(this.promotion.step, this.promotion.intent);
    for (const target of this.targets) {
      const bakeMs = waves[target.wave]?.bakeMs ?? 0;
      const lasted = this.nowMs - target.healthyAtMs >= bakeMs;
      if (target.state === 'READY' && !target.unwell && bakeMs > 0 && lasted) target.state = 'BAKED';
    }
  }

  private take(step: RolloutStep): void {
    if (step.kind === 'ASSIGN') {
      const next = this.targets.filter((target) => target.wave === step.wave && couldBegin(target));
      for (const target of next.slice(0, step.limit)) target.state = 'ASSIGNED';
      return;
    }
    if ('wave' in step && step.kind !== 'FAIL') this.waveStates[step.wave] = waveStateAfter[step.kind];
    const event = eventOf(step);
    if (event && !this.apply(event)) throw new Error(`${this.promotion.state} cannot take ${event.kind}.`);
  }
}

const asPlanned = { state: 'PENDING', unwell: false, rendered: true, healthyAtMs: 0 } as const;

/** Whether the next wave's assignment may be for it. */
export function couldBegin({ state, rendered }: Pick<SimulatedTarget, 'state' | 'rendered'>): boolean {
  return state === 'PENDING' && rendered;
}

function isWatched(state: TargetState): boolean {
  return !['FAILED', 'TIMED_OUT', 'OFFLINE', 'REMOVED'].includes(state);
}

function eventOf(step: RolloutStep): PromotionEvent | undefined {
  return step.kind === 'PAUSE' || step.kind === 'RESUME' ? { ...step, by: 'fairlead' } : told[step.kind];
}

const told: Readonly<Partial<Record<RolloutStep['kind'], PromotionEvent>>> = {
  FAIL: { kind: 'FAIL', evidence: 'Clusters failed.' },
  FAIL_CHECK: { kind: 'FAIL', evidence: 'A check failed.' },
  PASS_WAVE: { kind: 'WAVE_PASSED', wave: 'one' },
  WAVES_PASSED: { kind: 'WAVES_PASSED' },
  VERIFIED: { kind: 'VERIFIED', evidence: 'All are well.' },
};
