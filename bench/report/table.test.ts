import { expect, it } from 'vitest';
import { resultTable } from './table.ts';

it('a table has a line for each figure and one for each target', () => {
  const summaries = [
    { figure: 'commitToReportedMs', median: 1_234.56, worst: 3_000 },
    { figure: 'hubCpuSeconds', median: 0.123_4, worst: 12 },
  ];
  const target = { load: '1000 clusters', figure: 'commitToReportedMs', bound: 'AT_MOST', value: 2_900 };
  const table = resultTable('1000 clusters', summaries, [
    { ...target, bound: 'AT_MOST', median: 1_234.56, worst: 3_000, isMet: false },
  ]);
  expect(table.split('\n')).toEqual([
    '1000 clusters',
    '                      median  worst',
    '  commitToReportedMs   1,235  3,000',
    '  hubCpuSeconds        0.123     12',
    '  MISSED commitToReportedMs at most 2,900; worst 3,000',
  ]);
});
