import { describe, expect, it } from 'vitest';
import { allFaults } from '../../test/e2e/faults/fault-catalogue.ts';
import { faultProblems } from './fault-page.ts';

/** A page on which each case of the catalogue held, its first one with these words instead. */
function pageWith(first: Partial<Record<'fault' | 'found', string>>): string {
  const [one] = allFaults;
  const rows = allFaults.map(({ key, fault, holds }) => {
    const changed = key === one?.key ? first : {};
    return `| \`${key}\` | ${changed.fault ?? fault} | ${holds} | ${changed.found ?? 'holds: seen'} |`;
  });
  return rows.join('\n');
}

describe('the page of faults', () => {
  it('belongs to the catalogue where every case of it held and is proved by one test', () => {
    expect(faultProblems(pageWith({}))).toEqual([]);
  });

  it('does not where a case is missing, is told in other words, did not hold, or is not known', () => {
    const key = allFaults[0]?.key ?? '';
    const withoutFirst = pageWith({}).split('\n').slice(1).join('\n');
    expect(faultProblems(withoutFirst)).toEqual([`${key} is not in the table`]);
    expect(faultProblems(pageWith({ fault: 'something else' }))).toEqual([
      `${key} is described in other words`,
    ]);
    expect(faultProblems(pageWith({ found: 'DOES NOT HOLD: lost' }))).toEqual([
      `${key}: DOES NOT HOLD: lost`,
    ]);
    expect(faultProblems(`${pageWith({})}\n| \`made-up\` | a | b | holds: c |`)).toEqual([
      'made-up is in the table and not in the catalogue',
    ]);
  });
});
