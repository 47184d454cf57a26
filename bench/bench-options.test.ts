import { describe, expect, it } from 'vitest';
import { readBenchOptions } from './bench-options.ts';

const names = ['fan-out', 'apply'];

describe('the words behind npm run bench', () => {
  it('name a benchmark, which runs three times unless told', () => {
    expect(readBenchOptions(['fan-out'], names)).toEqual({
      name: 'fan-out',
      runs: 3,
      isTrial: false,
      wishes: { clusters: undefined, applications: undefined, minutes: undefined },
    });
  });

  it('choose runs and load', () => {
    const options = readBenchOptions(['fan-out', '--clusters', '100', '--runs', '1', '--trial'], names);
    expect(options).toMatchObject({ runs: 1, isTrial: true, wishes: { clusters: 100 } });
  });

  it.each([[[]], [['unknown']], [['fan-out', 'apply']], [['fan-out', '--fast']]])(
    'say how to use them for %j',
    (words) => {
      expect(() => readBenchOptions(words, names)).toThrow('NAME is one of: fan-out, apply');
    },
  );

  it.each(['0', '-1', '1.5', 'many', ''])('refuse "%s" as a number of runs', (count) => {
    expect(() => readBenchOptions(['apply', `--runs=${count}`], names)).toThrow(
      '--runs wants a whole number',
    );
  });
});
