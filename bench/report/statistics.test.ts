import { describe, expect, it } from 'vitest';
import { judge, percentile, summarise } from './statistics.ts';

describe('the summary of samples', () => {
  it('takes the middle one, and the slowest as the worst', () => {
    expect(summarise([{ reportedMs: 30 }, { reportedMs: 10 }, { reportedMs: 20 }])).toEqual([
      { figure: 'reportedMs', median: 20, worst: 30 },
    ]);
  });

  it('takes the lowest rate as the worst, and the mean of two middles', () => {
    expect(summarise([{ objectsPerSecond: 400 }, { objectsPerSecond: 300 }])).toEqual([
      { figure: 'objectsPerSecond', median: 350, worst: 300 },
    ]);
  });

  it('summarises a figure over the samples that have it', () => {
    expect(summarise([{ aMs: 1 }, { aMs: 3, bMs: 7 }])).toEqual([
      { figure: 'aMs', median: 2, worst: 3 },
      { figure: 'bMs', median: 7, worst: 7 },
    ]);
  });
});

describe('a target', () => {
  const target = { load: '100 clusters', figure: 'reportedMs', bound: 'AT_MOST', value: 1_000 } as const;

  it('is kept by the worst sample, not by the median', () => {
    const [verdict] = judge([target], '100 clusters', [{ figure: 'reportedMs', median: 900, worst: 1_001 }]);
    expect(verdict?.isMet).toBe(false);
  });

  it('is of one load alone', () => {
    expect(judge([target], '1000 clusters', [{ figure: 'reportedMs', median: 1, worst: 1 }])).toEqual([]);
  });

  it('may be a lower bound', () => {
    const lower = { ...target, figure: 'objectsPerSecond', bound: 'AT_LEAST', value: 350 } as const;
    const [verdict] = judge([lower], '100 clusters', [
      { figure: 'objectsPerSecond', median: 400, worst: 350 },
    ]);
    expect(verdict?.isMet).toBe(true);
  });
});

describe('a percentile', () => {
  it('is a value that was measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([
      51, 100, 100,
    ]);
  });

  it('of nothing is 0', () => {
    expect(percentile([], 0.5)).toBe(0);
  });
});
