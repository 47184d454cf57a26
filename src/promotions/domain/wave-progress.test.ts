import { describe, expect, it } from 'vitest';
import { judgeWave } from './wave-progress.ts';

describe('a wave', () => {
  it.each([
    ['moves on while one target is not ready', { READY: 9, ASSIGNED: 1 }, 'MOVING'],
    ['passes when every counted target is ready', { READY: 10 }, 'PASSED'],
    ['fails with the first failed target', { READY: 8, ASSIGNED: 1, FAILED: 1 }, 'FAILED'],
    ['fails with a target that took too long', { READY: 9, TIMED_OUT: 1 }, 'FAILED'],
    ['leaves offline targets out of the count', { READY: 9, OFFLINE: 1 }, 'PASSED'],
    ['leaves removed targets out of the count', { READY: 9, REMOVED: 1 }, 'PASSED'],
    ['never passes on offline targets alone', { OFFLINE: 3 }, 'EMPTY'],
    ['never passes when the last cluster has left', { REMOVED: 1 }, 'EMPTY'],
    ['never passes without targets', {}, 'EMPTY'],
  ] as const)('%s', (_name, tally, verdict) => {
    expect(judgeWave(tally)).toBe(verdict);
  });
});
