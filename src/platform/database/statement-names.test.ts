import { describe, expect, it } from 'vitest';
import { StatementNames } from './statement-names.ts';

const textOf = (word: string) => `select ${word} from a_table_with_a_long_name`;

function use(names: StatementNames, word: string, times: number): string {
  let name = '';
  for (let time = 0; time < times; time += 1) name = names.nameOf(textOf(word));
  return name;
}

describe('the name of a statement', () => {
  it('is given to what is used often, one to each text, and stays', () => {
    const names = new StatementNames();
    expect(use(names, 'one', 20)).toBe('');
    const [one, two] = [use(names, 'one', 1), use(names, 'two', 21)];
    expect([one, two]).toEqual([expect.stringMatching(/^fairlead_/), expect.stringMatching(/^fairlead_/)]);
    expect(one).not.toBe(two);
    expect(names.nameOf(textOf('one'))).toBe(one);
  });

  it('is not given to what has nothing to plan', () => {
    const names = new StatementNames();
    expect(Array.from({ length: 30 }, () => names.nameOf('commit'))).toEqual(
      Array.from({ length: 30 }, () => ''),
    );
  });

  it('is not given to more than the connections can keep', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 300 }, (_, index) => use(names, String(index), 30));
    expect(given.filter((name) => name !== '')).toHaveLength(200);
    expect(use(names, '0', 1)).toBe(given[0]);
  });
});
