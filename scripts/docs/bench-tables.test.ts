import { describe, expect, it } from 'vitest';
import { benchPage, withBenchTable, type Measured } from './bench-tables.ts';

const verdict = {
  figure: 'commitToReportedMs',
  bound: 'AT_MOST',
  value: 1_000,
  median: 900,
  worst: 1_250,
  isMet: false,
} as const;
const measured: Measured = {
  name: 'fan-out',
  title: 'B3: one release to many clusters',
  simulated: ['The agents are simulated.'],
  loads: [
    {
      load: { name: '100 clusters' },
      at: '2026-11-21T14:50:45.319Z',
      machine: { cpu: 'EPYC', cores: 2, commit: 'abc', loadBefore: 2.43 },
      runs: [[], []],
      summary: [
        { figure: 'commitToReportedMs', median: 900, worst: 1_250 },
        { figure: 'hubRssBytes', median: 330_993_664, worst: 330_993_664 },
        { figure: 'hubCpuSeconds', median: 0.451, worst: 0.451 },
      ],
      verdicts: [verdict],
    },
  ],
};
const page = 'before\n<!-- benchmarks: printed from bench/results -->\nold\n<!-- /benchmarks -->\nafter\n';

describe('the tables of what was measured', () => {
  it('stand between the marks of the README, with the goal and what others published', () => {
    const text = withBenchTable(page, [measured]);
    expect(text).toContain(
      '| B3 · 100 clusters: commit to reported | 900 ms (1.25 s) | ≤ 1 s: **missed** | load 2.43 | KubeFleet',
    );
    expect(text).not.toContain('old');
    expect(withBenchTable(text, [measured])).toBe(text);
  });

  it('miss their marks loudly', () => {
    expect(() => withBenchTable('nothing', [measured])).toThrow('has lost its benchmarks marks');
  });

  it('say on their own page what is simulated, on which machine, and each figure with its unit', () => {
    const text = benchPage([measured]);
    expect(text).toContain('- The agents are simulated.');
    expect(text).toContain('2026-11-21, 2 cores EPYC, load 2.4 before, commit abc, 2 runs.');
    expect(text).toContain('| hub rss | 331 MB | 331 MB |  |');
    expect(text).toContain('| hub cpu | 0.451 s | 0.451 s |  |');
  });
});
