import { describe, expect, it } from 'vitest';
import { matchesNamePattern, nameProblem, namePatternProblem } from './resource-name.ts';

describe('names', () => {
  it.each(['a', 'prod-eu-1', 'eu.prod', '0', 'a'.repeat(63)])('"%s" is one', (name) => {
    expect(nameProblem('cluster', name)).toBeUndefined();
  });

  it.each(['', 'Prod', '-a', 'a-', 'a..b', '../etc', 'a/b', 'a b', 'a'.repeat(64), 'a*'])(
    '"%s" is none',
    (name) => {
      expect(nameProblem('cluster', name)).toMatch(/the name of a cluster/);
    },
  );

  it('a pattern of names needs no more than a star', () => {
    expect(namePatternProblem('edge-*')).toBeUndefined();
    expect(namePatternProblem('*')).toBeUndefined();
    expect(namePatternProblem('Edge-*')).toMatch(/pattern/);
    expect(namePatternProblem('a**b')).toMatch(/single "\*"/);
  });

  it.each([
    ['edge-*', 'edge-1', true],
    ['edge-*', 'edge-', true],
    ['edge-*', 'edge', false],
    ['*', 'anything', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*a', 'a', false],
    ['*-eu-*', 'prod-us-1', false],
    ['prod', 'prod', true],
    ['prod', 'prod1', false],
    ['a.c', 'abc', false],
  ])('%s against %s: %s', (pattern, name, matches) => {
    expect(matchesNamePattern(pattern, name)).toBe(matches);
  });
});
