import { describe, expect, it } from 'vitest';
import { judgeJob, type JobReport } from './judge-job.ts';

const at = (cluster: string, state: JobReport['state'], message = ''): JobReport => ({
  cluster,
  state,
  message,
});

describe("a check's Job", () => {
  it.each([
    ['passes where it passed everywhere', ['PASSED', 'PASSED'], 'PASSED'],
    ['waits while one runs', ['PASSED', 'RUNNING', 'LOST'], 'WAIT'],
    ['fails at once where one failed', ['RUNNING', 'FAILED', 'LOST'], 'FAILED'],
    ['is inconclusive where one was lost', ['PASSED', 'LOST'], 'INCONCLUSIVE'],
    ['is inconclusive without a cluster', [], 'INCONCLUSIVE'],
  ] as const)('%s', (_what, states, verdict) => {
    expect(judgeJob(states.map((state, n) => at(`c${n}`, state))).verdict).toBe(verdict);
  });

  it('names three of the clusters that failed, and how many more', () => {
    const reports = ['a', 'b', 'c', 'd'].map((name) => at(name, 'FAILED', 'BackoffLimitExceeded'));
    expect(judgeJob(reports).message).toBe(
      'The Job failed on a (BackoffLimitExceeded), b (BackoffLimitExceeded), c (BackoffLimitExceeded) and on 1 more.',
    );
  });
});
