import { expect, it } from 'vitest';
import { monthsToDrop, monthsToMake } from './history-months.ts';

it('makes this month and two more, across the end of a year', () => {
  expect(monthsToMake(new Date('2026-11-30T23:59:59Z'))).toEqual([
    { table: 'drift_episode_2026_11', from: new Date('2026-11-01Z'), to: new Date('2026-12-01Z') },
    { table: 'drift_episode_2026_12', from: new Date('2026-12-01Z'), to: new Date('2027-01-01Z') },
    { table: 'drift_episode_2027_01', from: new Date('2027-01-01Z'), to: new Date('2027-02-01Z') },
  ]);
});

it('drops a month once its last day is too old, and nothing else', () => {
  const tables = ['drift_episode_2026_01', 'drift_episode_2026_02', 'drift_episode_default', 'drift_item'];
  const at = (day: string) => monthsToDrop(tables, new Date(`${day}T00:00:00Z`), 90);
  expect(at('2026-05-01')).toEqual([]);
  expect(at('2026-05-02')).toEqual(['drift_episode_2026_01']);
  expect(at('2026-06-01')).toEqual(['drift_episode_2026_01', 'drift_episode_2026_02']);
});
