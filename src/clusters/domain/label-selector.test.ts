import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSelectorProblem,
  matchesSelector,
  NOTHING_SELECTOR,
  parseLabelSelector,
  selectorSql,
  type LabelSelector,
} from './label-selector.ts';
import { labelKv, type Labels } from './labels.ts';

function parsed(text: string): LabelSelector {
  const selector = parseLabelSelector(text);
  if (isSelectorProblem(selector)) throw new Error(selector.problem);
  return selector;
}

describe('parsing a label selector', () => {
  it.each([
    ['env=prod', [{ operator: 'IN', key: 'env', values: ['prod'] }]],
    ['env==prod', [{ operator: 'IN', key: 'env', values: ['prod'] }]],
    [
      'env = prod , !edge',
      [
        { operator: 'IN', key: 'env', values: ['prod'] },
        { operator: 'ABSENT', key: 'edge' },
      ],
    ],
    ['env!=prod', [{ operator: 'NOT_IN', key: 'env', values: ['prod'] }]],
    ['region in (eu, us,eu)', [{ operator: 'IN', key: 'region', values: ['eu', 'us'] }]],
    ['region notin(eu)', [{ operator: 'NOT_IN', key: 'region', values: ['eu'] }]],
    ['example.com/team', [{ operator: 'EXISTS', key: 'example.com/team' }]],
    ['env=', [{ operator: 'IN', key: 'env', values: [''] }]],
    ['in in (in)', [{ operator: 'IN', key: 'in', values: ['in'] }]],
    ['  ', []],
  ])('reads "%s"', (text, requirements) => {
    expect(parseLabelSelector(text)).toEqual({ requirements });
  });

  it.each([
    ['env=prod,', 10, /a label key was expected, not the end/],
    ['=prod', 1, /a label key was expected/],
    ['env=prod region=eu', 10, /joined by ","/],
    ['region in eu', 11, /"\(" was expected/],
    ['region in (eu', 14, /"\)" was expected, not the end/],
    ['env=pr$d', 5, /value "pr\$d"/],
    ['-env', 1, /label key "-env"/],
    ['Example/x', 1, /before "\/"/],
    ['!', 2, /a label key was expected/],
    ['a>1', 1, /label key "a>1"/],
    [`k=${'v'.repeat(64)}`, 3, /at most 63/],
  ])('says what is wrong with "%s" and where', (text, position, message) => {
    const problem = parseLabelSelector(text);
    expect(problem).toMatchObject({ position, problem: expect.stringMatching(message) });
  });
});

describe('matching a label selector', () => {
  const labels: Labels = { env: 'prod', region: 'eu', edge: '' };

  it.each([
    ['', true],
    ['env=prod', true],
    ['env=dev', false],
    ['env!=dev', true],
    ['tier!=web', true],
    ['tier notin (web)', true],
    ['region in (us,eu),edge', true],
    ['!edge', false],
    ['edge=', true],
    ['toString', false],
    [NOTHING_SELECTOR, false],
  ])('"%s" answers %s', (text, matches) => {
    expect(matchesSelector(parsed(text), labels)).toBe(matches);
  });
});

/** What Postgres does with the conditions, in words of arrays. */
function asksIndex(selector: LabelSelector, kv: readonly string[]): boolean {
  const { text, values } = selectorSql(selector, 'label_kv', 1);
  if (text === 'true') return true;
  return text.split(' and ').every((condition) => {
    const number = /\$(\d+)/.exec(condition)?.[1];
    const overlaps = values[Number(number) - 1]?.some((term) => kv.includes(term)) ?? false;
    return condition.startsWith('not ') ? !overlaps : overlaps;
  });
}

describe('the condition for Postgres', () => {
  const key = fc.constantFrom('a', 'b', 'a.b/c', 'toString');
  const value = fc.constantFrom('', 'x', 'y', 'a');
  const requirement = fc.oneof(
    fc.tuple(key, fc.constantFrom('=', '!=', '=='), value).map((parts) => parts.join('')),
    fc
      .tuple(key, fc.constantFrom('in', 'notin'), fc.array(value, { minLength: 1, maxLength: 3 }))
      .map(([name, operator, values]) => `${name} ${operator} (${values.join(',')})`),
    fc.tuple(fc.constantFrom('', '!'), key).map((parts) => parts.join('')),
  );

  it('agrees with matching in memory for any selector and labels', () => {
    const selectors = fc.array(requirement, { maxLength: 4 }).map((all) => all.join(','));
    fc.assert(
      fc.property(selectors, fc.dictionary(key, value), (text, labels) => {
        const selector = parsed(text);
        expect(asksIndex(selector, labelKv(labels))).toBe(matchesSelector(selector, labels));
      }),
      { numRuns: 1_000 },
    );
  });

  it('numbers its parameters from where the caller says', () => {
    const { text, values } = selectorSql(parsed('env=prod,!edge'), 'c.label_kv', 4);
    expect(text).toBe('c.label_kv && $4::text[] and not (c.label_kv && $5::text[])');
    expect(values).toEqual([['env=prod'], ['edge']]);
  });
});
