import { describe, expect, it } from 'vitest';
import { samplePromotion, sampleStep, sampleWave } from '../../../test/support/sample-promotion.ts';
import { judgeDeed } from '../../../test/support/rollout-oracle.ts';
import { SimulatedRollout } from '../../../test/support/simulated-rollout.ts';
import type { CheckRule, WaveRule } from '../../policies/domain/policy-step.ts';
import { isRunning, isTerminal, type PromotionStep, type TargetState } from './promotion.ts';

const SCHEDULES = 10_000;

/** A small generator whose seed names a schedule, so that one that fails can be run again alone. */
function randomOf(seed: number): (below: number) => number {
  let state = seed + 0x9e37_79b9;
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a_2d39);
    state ^= state >>> 15;
    return (state >>> 0) % below;
  };
}

const gates = ['wave:canary:smoke', 'wave:half:smoke', 'wave:rest:smoke', 'verification:smoke'];

const check: CheckRule = {
  name: 'smoke',
  kind: 'http',
  url: 'https://shop.example/health',
  method: 'GET',
  expectStatus: 200,
  expectJson: null,
  intervalMs: 1_000,
  timeoutMs: 10_000,
  successes: 1,
  failures: 1,
};

function randomStep(random: (below: number) => number): PromotionStep {
  const rule = (name: string, over: Partial<WaveRule>): WaveRule =>
    sampleWave(name, {
      maxConcurrent: random(3) === 0 ? 1 + random(3) : null,
      bakeMs: random(2) * 60_000,
      maxFailures: random(3) === 0 ? random(3) : null,
      maxOffline: random(3) === 0 ? random(3) : null,
      verification: random(4) === 0 ? [check] : [],
      ...over,
    });
  const early = [rule('canary', { count: 1 }), rule('half', { percent: 50 })].slice(0, random(3));
  const offline = (['WAIT', 'EXCLUDE_AND_CATCH_UP', 'FAIL'] as const)[random(3)] ?? 'WAIT';
  return sampleStep({
    waves: [...early, rule('rest', {})],
    verification: random(3) === 0 ? [check] : [],
    offline,
  });
}

/** One event of the world: a report, a silence, a person, the clock, a freeze, a check's answer. */
function disturb(rollout: SimulatedRollout, random: (below: number) => number): void {
  const begun = rollout.targets.filter(({ state }) => !['PENDING', 'REMOVED', 'SKIPPED'].includes(state));
  const target = begun[random(Math.max(1, begun.length))];
  const move = (state: TargetState, unwell = false): void => {
    if (!target || ['FAILED', 'TIMED_OUT'].includes(target.state)) return;
    Object.assign(target, { state, unwell, ...(state === 'READY' ? { healthyAtMs: rollout.nowMs } : {}) });
  };
  const gate =
    ['wave:canary:smoke', 'wave:half:smoke', 'wave:rest:smoke', 'verification:smoke'][random(4)] ?? '';
  const events: readonly (() => void)[] = [
    () => move('APPLYING'),
    () => move('READY'),
    () => move('READY'),
    () => move('READY'),
    () => move('READY'),
    () => target && (target.unwell = target.state === 'READY' || target.state === 'BAKED'),
    () => move('APPLYING', true),
    () => random(4) === 0 && move(random(2) === 0 ? 'FAILED' : 'TIMED_OUT'),
    () => move(rollout.promotion.step.offline === 'FAIL' ? 'FAILED' : 'OFFLINE'),
    () =>
      random(3) === 0 &&
      Object.assign(rollout.targets[random(rollout.targets.length)] ?? {}, { state: 'REMOVED' }),
    () => Object.assign(rollout.targets.find(({ rendered }) => !rendered) ?? {}, { rendered: true }),
    () => (rollout.nowMs += 30_000 + random(60_000)),
    () => (rollout.nowMs -= random(10_000)),
    () => (rollout.blocked = random(2) === 0),
    () => (rollout.halted = random(2) === 0),
    () =>
      rollout.checks.set(
        gate,
        (['PASSED', 'PASSED', 'INCONCLUSIVE', 'FAILED', 'RUNNING'] as const)[random(5)] ?? 'PASSED',
      ),
    () => rollout.apply({ kind: 'PAUSE', pause: 'PERSON', reason: 'Look.', by: 'ana' }),
    () => rollout.apply({ kind: 'RESUME', pause: random(2) === 0 ? 'PERSON' : 'ALL', by: 'ana' }),
    () => random(10) === 0 && rollout.apply({ kind: 'CANCEL', reason: 'Enough.', by: 'ana' }),
  ];
  events[random(events.length)]?.();
}

function run(seed: number): SimulatedRollout {
  const random = randomOf(seed);
  const promotion = samplePromotion({
    step: randomStep(random),
    intent: random(8) === 0 ? 'ROLLBACK' : 'FORWARD',
  });
  const rollout = new SimulatedRollout(promotion, 1 + random(8));
  for (const target of rollout.targets) target.rendered = random(6) > 0;
  rollout.apply({ kind: 'START', previousReleaseId: null });
  rollout.settle();
  for (let events = 0; events < 120 && isRunning(rollout.promotion.state); events += 1) {
    disturb(rollout, random);
    const { state } = rollout.promotion;
    rollout.settle();
    if (isTerminal(state)) expect(rollout.promotion.state).toBe(state);
  }
  return rollout;
}

/** Every cluster is well, every gate open, every check passed, and time goes by. */
function soothe(rollout: SimulatedRollout): void {
  Object.assign(rollout, { blocked: false, halted: false });
  for (const gate of gates) rollout.checks.set(gate, 'PASSED');
  const returning = rollout.promotion.intent === 'ROLLBACK' ? (['FAILED', 'TIMED_OUT'] as const) : [];
  const open: readonly TargetState[] = ['ASSIGNED', 'APPLYING', 'OFFLINE', ...returning];
  for (const target of rollout.targets) {
    if (open.includes(target.state) || (target.state === 'READY' && target.unwell)) {
      Object.assign(target, { state: 'READY', healthyAtMs: rollout.nowMs });
    }
    Object.assign(target, { unwell: false, rendered: true });
  }
  rollout.nowMs += 120_000;
  rollout.apply({ kind: 'RESUME', pause: 'PERSON', by: 'ana' });
}

/** Runs one schedule to its end in a calm world; throws where a promise is broken. */
function endOf(seed: number): string {
  const rollout = run(seed);
  for (let round = 0; round < 60 && isRunning(rollout.promotion.state); round += 1) {
    soothe(rollout);
    rollout.settle();
  }
  for (const deed of rollout.deeds) judgeDeed(deed, rollout.promotion.step);
  const { state, intent, pauseReasons } = rollout.promotion;
  const stuck = isRunning(state) && pauseReasons.every(({ kind }) => kind !== 'EMPTY');
  if (stuck) throw new Error(`it is ${state} for ever`);
  if (intent === 'ROLLBACK' && state === 'FAILED') throw new Error('a rollback failed');
  return state;
}

describe(`${SCHEDULES} random schedules of reports, silences, people, freezes, checks and clocks`, () => {
  it('break no promise of the rollout, and each ends once the world is calm', () => {
    const ends: Record<string, number> = {};
    for (let seed = 0; seed < SCHEDULES; seed += 1) {
      try {
        const end = endOf(seed);
        ends[end] = (ends[end] ?? 0) + 1;
      } catch (error) {
        throw new Error(`schedule ${seed} breaks a promise: ${String(error)}`, { cause: error });
      }
    }
    process.stdout.write(`random schedules: ${JSON.stringify(ends)}\n`);
    expect(Object.keys(ends).toSorted()).toEqual(['CANCELLED', 'FAILED', 'PAUSED', 'SUCCEEDED']);
  }, 60_000);
});
