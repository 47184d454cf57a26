// What must be true of everything that a rollout does, said in other words than the engine says it.
import assert from 'node:assert/strict';
import type { PromotionStep, TargetState } from '../../src/promotions/domain/promotion.ts';
import { couldBegin, type Deed, type SimulatedTarget } from './simulated-rollout.ts';

type Judges = {
  readonly [Kind in Deed['step']['kind']]?: (deed: Deed, wave: number, policy: PromotionStep) => void;
};

const stateIn =
  (...states: readonly TargetState[]) =>
  ({ state }: Pick<SimulatedTarget, 'state'>): boolean =>
    states.includes(state);
const isBad = stateIn('FAILED', 'TIMED_OUT');
const isGone = stateIn('REMOVED', 'SKIPPED');
const stands = stateIn('READY', 'BAKED');

/** Throws where a deed breaks a promise. */
export function judgeDeed(deed: Deed, policy: PromotionStep): void {
  const wave = 'wave' in deed.step ? deed.step.wave : 0;
  judges[deed.step.kind]?.(deed, wave, policy);
}

const judges: Judges = {
  ASSIGN: (deed, wave) => {
    const moving = inWave(deed, wave).filter(stateIn('ASSIGNED', 'APPLYING')).length;
    const waiting = inWave(deed, wave).filter(stateIn('PENDING')).length;
    const limit = deed.step.kind === 'ASSIGN' ? deed.step.limit : 0;
    const bound = deed.rules[wave]?.maxConcurrent ?? Infinity;
    assert.ok(inWave(deed, wave).some(couldBegin), 'it gave the release to nobody');
    assert.ok(moving + Math.min(limit, waiting) <= bound, 'more at once than the wave allows');
    assert.ok(deed.waveStates.slice(0, wave).every(isOver), 'a wave overtook the one in front');
    assert.ok(bears(deed), 'it went on though too many had failed');
  },
  START_WAVE: (deed, wave) => {
    const earlier = deed.targets.filter((target) => target.wave < wave && !isGone(target));
    assert.ok(!earlier.some((target) => stands(target) && target.unwell), 'an earlier wave was ill');
    assert.ok(!earlier.some(stateIn('PENDING')), 'an earlier wave had clusters that never began');
    assert.ok(!deed.blocked, 'a gate was closed');
  },
  PASS_WAVE: (deed, wave, { offline }) => {
    const mine = inWave(deed, wave).filter((target) => !isGone(target));
    const done = mine.filter((deed.rules[wave]?.bakeMs ?? 0) > 0 ? stateIn('BAKED') : stands);
    const silent = offline === 'WAIT' ? [] : mine.filter(stateIn('OFFLINE'));
    assert.ok(done.length > 0, 'nobody proved anything');
    assert.equal(
      done.length + silent.length + mine.filter(isBad).length,
      mine.length,
      'somebody was passed over',
    );
    assert.ok(bears(deed), 'it passed though too many had failed');
  },
  VERIFIED: (deed) => {
    assert.ok(deed.waveStates.every(isOver), 'a wave was left out');
    assert.ok(deed.targets.some(stands), 'nobody proved anything');
    assert.ok(bears(deed), 'it succeeded though too many had failed');
    assert.ok(!deed.paused, 'it succeeded while it was paused');
  },
  SKIP_WAVE: (deed, wave) => {
    assert.ok(inWave(deed, wave).every(isGone), 'a wave with clusters was skipped');
  },
  FAIL: (deed, wave) => {
    assert.ok(inWave(deed, wave).some(isBad), 'it failed though nobody had');
    assert.ok(!bears(deed), 'it failed though it bears as many');
    assert.ok(!deed.rollback, 'a rollback failed instead of being paused');
  },
};

function inWave({ targets }: Deed, wave: number): readonly Readonly<SimulatedTarget>[] {
  return targets.filter((target) => target.wave === wave);
}

function isOver(state: string): boolean {
  return state === 'PASSED' || state === 'SKIPPED';
}

function bears(deed: Deed): boolean {
  if (deed.rollback) return !deed.targets.some(isBad);
  return deed.rules.every(({ maxFailures }, wave) => {
    const mine = inWave(deed, wave).filter((target) => !isGone(target));
    const bad = mine.filter(isBad).length;
    return bad <= (maxFailures ?? 0) && (bad === 0 || bad < mine.length);
  });
}
