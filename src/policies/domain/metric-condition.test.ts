import { describe, expect, it } from 'vitest';
import { parseCondition } from './metric-condition.ts';

describe('the condition of a metric check', () => {
  it.each([
    ['< 0.01', 0.009, 0.01],
    ['<=0.01', 0.01, 0.0101],
    ['> -1', 0, -1],
    ['>= 99.9', 99.9, 99.8],
    ['== 0', 0, 0.1],
    ['!= 0', 1, 0],
    [' <  1e3 ', 999, 1000],
  ])('%s holds for %d and not for %d', (text, good, bad) => {
    const condition = parseCondition(text);
    expect([condition?.(good), condition?.(bad)]).toEqual([true, false]);
  });

  it.each(['', '0.01', '< ', '=< 1', '< a', '< 1 and > 0', '< 1;', '<< 1', '< Infinity'])(
    'is not written like "%s"',
    (text) => {
      expect(parseCondition(text)).toBeUndefined();
    },
  );
});
