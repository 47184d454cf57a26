import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHealthRules } from './check-health-rules.ts';
import { problemText } from './rule-problem.ts';

async function problemsOf(source: unknown): Promise<string[]> {
  const { problems } = await checkHealthRules(source);
  return problems.map(
    ({ line, column, path, message }) => `${line ?? '-'}:${column ?? '-'} ${path} ${message}`,
  );
}

const rule = (more: object) => [{ group: 'shop.example', kinds: ['Order'], ...more }];

describe("a user's rules", () => {
  it('are read from YAML, with the condition True as a text', async () => {
    const text = `
rules:
  - group: shop.example
    kinds: [Order]
    cases:
      - { condition: Ready, means: { True: HEALTHY, False: DEGRADED } }
`;
    expect(await checkHealthRules(text)).toEqual({
      problems: [],
      rules: rule({ cases: [{ condition: 'Ready', means: { True: 'HEALTHY', False: 'DEGRADED' } }] }),
    });
  });

  it('are read from JSON, and from a plain list', async () => {
    const rules = rule({ current: 'self.status.ok' });
    const read = await Promise.all([rules, { rules }, JSON.stringify(rules)].map(checkHealthRules));
    expect(read.map((one) => one.rules)).toEqual([rules, rules, rules]);
  });

  it('name a kind as Flux does, too', async () => {
    const { rules } = await checkHealthRules([
      { apiVersion: 'shop.example/v1', kind: 'Order', current: 'true' },
    ]);
    expect(rules).toEqual(rule({ current: 'true' }));
  });

  it('are refused with all mistakes at once, each with its place', async () => {
    const text = `- group: shop.example
  kinds: [Order]
  cases:
    - { field: 'status.[', means: { Done: GOOD } }
    - { when: { field: status.phase }, health: HEALTHY }
- group: shop.example
  kinds: []
  current: self.a.exists(c, c.b == 'x'
  colour: red
`;
    expect(await problemsOf(text)).toEqual([
      '4:16 rules[0].cases[0].field cannot read the path "status.[" from character 7; write status.phase or metadata.labels["a.b/c"]',
      '4:43 rules[0].cases[0].means.Done must be one of HEALTHY, SUSPENDED, PROGRESSING, DEGRADED, MISSING, UNKNOWN',
      '5:15 rules[0].cases[1].when must say what of the field: is, startsWith, exists, atLeast or sameAs',
      '9:11 rules[1].colour is not known here; there are group, kinds, inProgress, failed, current',
      '7:10 rules[1].kinds must be a list of kinds, or "*"',
      `8:12 rules[1].current Expected RPAREN, got EOF, at character 28, near "c.b == 'x'"`,
    ]);
  });

  it.each([
    ['broken YAML', 'a: [1', /\d+:\d+ {2}.+/],
    ['no list', 'colour: red', /must be a list of rules/],
    ['an alias', 'rules: &a [*a]', /without aliases|Unresolved alias/],
    ['nothing', '', /must be a list of rules/],
    ['a rule without cases', [{ group: 'a', kinds: ['B'] }], /must have cases, or the expression current/],
    ['an unknown name', rule({ current: 'foo == 1' }), /Unknown variable: foo, at character 1/],
    ['what is no yes or no', rule({ current: '1 + 2' }), /gives int and not true or false/],
    ['a pattern', rule({ current: "self.a.matches('(a+)+')" }), /matches\(\) is not available/],
    ['an endless expression', rule({ current: `true${' || true'.repeat(200)}` }), /node/i],
    ['more than there is room for', [{ group: 'x'.repeat(300_000) }], /is more than 262144 bytes/],
    ['lists without end as text', '['.repeat(50_000), /^-:-  is nested more than 100 deep$/],
    ['lists without end', nested(50_000), /^-:-  is nested more than 100 deep$/],
    [
      'tests without end',
      rule({ cases: [{ when: deep(30), health: 'HEALTHY' }] }),
      /nested more than 8 deep/,
    ],
    [
      'too many rules',
      Array.from({ length: 201 }, () => rule({ current: 'true' })[0]),
      /more than 200 rules/,
    ],
  ])('are refused for %s', async (_, source, message) => {
    expect((await problemsOf(source)).join('\n')).toMatch(message);
  });

  it('are refused in words that name path, line, column and character', async () => {
    const { problems } = await checkHealthRules('- group: a\n  kinds: [B]\n  current: sel.ok\n');
    expect(problems.map(problemText)).toEqual([
      'rules[0].current, line 3, column 12: Unknown variable: sel, at character 1, near "sel.ok"',
    ]);
    expect(problemText({ path: '', message: 'is empty' })).toBe('is empty');
  });

  it('are never answered with an error, whatever is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.string()), async (source) => {
        const { rules, problems } = await checkHealthRules(source);
        expect(rules.length === 0 || problems.length === 0).toBe(true);
      }),
    );
  });
});

function nested(depth: number): unknown {
  let list: unknown = [];
  for (let level = 0; level < depth; level += 1) list = [list];
  return list;
}

function deep(depth: number): object {
  return depth === 0 ? { field: 'a', is: 1 } : { not: deep(depth - 1) };
}
