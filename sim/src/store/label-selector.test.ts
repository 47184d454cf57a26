// Label selectors: what they select, and what is none.
import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

describe('a label selector', () => {
  it.each([
    ['', {}, true],
    ['env=prod', { env: 'prod' }, true],
    ['env==prod', { env: 'dev' }, false],
    ['env=', { env: '' }, true],
    ['env!=prod', {}, true],
    ['env!=prod', { env: 'prod' }, false],
    ['region in (eu, us)', { region: 'us' }, true],
    ['region in (eu,us),!edge', { region: 'us', edge: '' }, false],
    ['region notin (eu,us)', {}, true],
    ['example.com/tier', { 'example.com/tier': 'web' }, true],
    [' ! edge , env = prod ', { env: 'prod' }, true],
  ])('%j on %j is %j', (selector, labels, expected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(expected);
  });

  it.each(['a == =', 'a in', '=b', 'a in (b', '!a=b', 'a b'])('refuses %j as a bad request', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ code: 400 }));
  });
});
