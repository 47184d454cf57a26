import { describe, expect, it } from 'vitest';
import { sampleWave } from '../../../test/support/sample-promotion.ts';
import type { WaveRule } from '../../policies/domain/policy-step.ts';
import {
  allBaked,
  allReady,
  counted,
  exceedsFailures,
  exceedsOffline,
  room,
  waiting,
  type TargetTally,
  type WaveFacts,
} from './wave-progress.ts';

const wave = (tally: TargetTally, rule: Partial<WaveRule> = {}): WaveFacts => ({
  id: 1n,
  position: 0,
  rule: sampleWave('all', rule),
  state: 'IN_PROGRESS',
  tally,
  unwell: 0,
  unrendered: 0,
});

describe('a wave', () => {
  it('counts neither who left nor what cannot be rendered', () => {
    expect(counted(wave({ READY: 2, REMOVED: 3, SKIPPED: 4, OFFLINE: 1 }))).toBe(3);
    expect(counted(wave({}))).toBe(0);
  });

  it.each([
    ['bears no failure unless its rule says so', { READY: 9, FAILED: 1 }, {}, true],
    ['fails with a target that took too long', { READY: 9, TIMED_OUT: 1 }, {}, true],
    ['bears as many as its rule says', { READY: 8, FAILED: 2 }, { maxFailures: 2 }, false],
    ['bears no more than that', { READY: 7, FAILED: 2, TIMED_OUT: 1 }, { maxFailures: 2 }, true],
    ['bears a share, rounded down', { READY: 17, FAILED: 2 }, { maxFailuresPercent: 15 }, false],
    ['bears no more than the share', { READY: 16, FAILED: 3 }, { maxFailuresPercent: 15 }, true],
    ['never bears that all of it failed', { FAILED: 2 }, { maxFailuresPercent: 100 }, true],
    ['does not fail while nobody did', { OFFLINE: 2 }, {}, false],
  ] as const)('%s', (_name, tally, rule, expected) => {
    expect(exceedsFailures(wave(tally, rule))).toBe(expected);
  });

  it.each([
    ['bears any number of silent clusters', { READY: 1, OFFLINE: 9 }, {}, false],
    ['bears as many as its rule says', { READY: 8, OFFLINE: 2 }, { maxOffline: 2 }, false],
    ['pauses beyond that', { READY: 8, OFFLINE: 2 }, { maxOffline: 1 }, true],
    ['pauses beyond the share', { READY: 8, OFFLINE: 3 }, { maxOfflinePercent: 20 }, true],
  ] as const)('%s', (_name, tally, rule, expected) => {
    expect(exceedsOffline(wave(tally, rule))).toBe(expected);
  });

  it('lets as many begin as are not under way already', () => {
    expect(room(wave({ PENDING: 10 }))).toBe(Infinity);
    expect(room(wave({ PENDING: 10, ASSIGNED: 1, APPLYING: 1 }, { maxConcurrent: 5 }))).toBe(3);
    expect(room(wave({ PENDING: 90, ASSIGNED: 10 }, { maxConcurrentPercent: 15 }))).toBe(5);
    expect(room(wave({ PENDING: 3 }, { maxConcurrentPercent: 1 }))).toBe(1);
    expect(room(wave({ PENDING: 3, APPLYING: 4 }, { maxConcurrent: 2 }))).toBe(0);
  });

  it('has those that could begin among those that wait: not who has no bundle yet', () => {
    expect(waiting({ ...wave({ PENDING: 3, READY: 1 }), unrendered: 2 })).toBe(1);
    expect(allReady({ ...wave({ PENDING: 1, READY: 1 }), unrendered: 1 }, 'EXCLUDE_AND_CATCH_UP')).toBe(
      false,
    );
  });

  it('is ready when everybody who counts is, and waits for the silent only where the policy does', () => {
    expect(allReady(wave({ READY: 9, ASSIGNED: 1 }), 'EXCLUDE_AND_CATCH_UP')).toBe(false);
    expect(allReady(wave({ READY: 9, PENDING: 1 }), 'EXCLUDE_AND_CATCH_UP')).toBe(false);
    expect(allReady(wave({ READY: 9, OFFLINE: 1 }), 'EXCLUDE_AND_CATCH_UP')).toBe(true);
    expect(allReady(wave({ READY: 9, OFFLINE: 1 }), 'WAIT')).toBe(false);
    expect(allReady(wave({ READY: 9, REMOVED: 1 }), 'WAIT')).toBe(true);
  });

  it('is never proved by silent clusters alone', () => {
    expect(allReady(wave({ OFFLINE: 3 }), 'EXCLUDE_AND_CATCH_UP')).toBe(false);
  });

  it('has baked when every cluster stayed healthy for as long as its rule asks', () => {
    expect(allBaked(wave({ READY: 2 }), 'WAIT')).toBe(true);
    expect(allBaked(wave({ READY: 1, BAKED: 1 }, { bakeMs: 60_000 }), 'WAIT')).toBe(false);
    expect(allBaked(wave({ BAKED: 2 }, { bakeMs: 60_000 }), 'WAIT')).toBe(true);
  });
});
