import { describe, expect, it } from 'vitest';
import { computeHealth } from '../compute-health.ts';
import { compileHealthRules, pendingHealthRules } from './compile-health-rules.ts';
import type { UserRule } from './user-rule.ts';

const READY = (status: string) =>
  `self.status.conditions.exists(c, c.type == 'Ready' && c.status == '${status}')`;
const order = (status: object, spec: object = {}) => ({
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: { name: 'o-1' },
  spec,
  status,
});

async function judge(rule: Partial<UserRule>, object: ReturnType<typeof order>) {
  const rules = await compileHealthRules([{ group: 'shop.example', kinds: ['Order'], ...rule }]);
  return computeHealth(object, {}, rules);
}

describe('rules in CEL', () => {
  const rule = { inProgress: 'self.status.busy == true', failed: READY('False'), current: READY('True') };
  const conditions = (status: string) => [{ type: 'Ready', status, reason: 'Checked', message: 'a word' }];

  it.each([
    [
      'in progress',
      { busy: true, conditions: conditions('True') },
      'PROGRESSING Checked: is in progress: a word',
    ],
    ['failed', { conditions: conditions('False') }, 'DEGRADED Checked: has failed: a word'],
    ['current', { conditions: conditions('True') }, 'HEALTHY Checked: is as it should be: a word'],
    [
      'silent',
      {},
      'PROGRESSING NotReported: its health rule says neither that it is current nor that it has failed',
    ],
  ])('judge an object that is %s', async (_, status, expected) => {
    const { health, reason, message } = await judge(rule, order(status));
    expect(`${health} ${reason}: ${message}`).toBe(expected);
  });

  it('compare whole numbers as CEL does', async () => {
    const verdict = await judge(
      { current: 'self.status.done + 1 > self.spec.items' },
      order({ done: 3 }, { items: 3 }),
    );
    expect(verdict.health).toBe('HEALTHY');
  });

  it.each([
    ["'a' in self.spec.m && !('c' in self.spec.m)"],
    ['self.spec.items == 3 ? has(self.spec.m.a) : has(self.spec.x.y)'],
    ['(self.spec.items + (1 + 2)) * 2 - 1 == 11 && -self.spec.items < 0'],
    ["self.spec.l.map(x, x + 'z')[1] == 'bz' && self.spec.l.filter(x, x != 'a').size() == 1"],
    ["{'k': self.spec.items}.k == 3 && [1, 2, 3][2] == 3 && self.spec['items'] == 3"],
    ["self.spec.l.exists_one(x, x == 'a') && self.metadata.name.startsWith('o-') && size(self.spec.l) == 2"],
    ["type(self.spec.items) == int && string(self.spec.items) == '3' && \"it's\".contains('t')"],
  ])('hold where CEL holds: %s', async (current) => {
    const spec = { items: 3, m: { a: 1, b: 2 }, l: ['a', 'b'] };
    const { health, message } = await judge({ current }, order({}, spec));
    expect([health, message]).toEqual(['HEALTHY', 'is as it should be']);
  });

  it('come after deletion and an old generation', async () => {
    const object = order({ observedGeneration: 1 });
    const old = { ...object, metadata: { name: 'o-1', generation: 2 } };
    expect((await judge({ current: 'true' }, old)).reason).toBe('NotObserved');
  });

  it.each([
    ['all pairs of a long list', 'self.status.l.all(a, self.status.l.all(b, a + b >= 0))'],
    ['a list that was made from one', '[self.status.l.map(a, a)].all(x, x.all(p, p in x))'],
    [
      'lists in lists in lists',
      '[self.status.l.filter(a, a < 900)].all(x, x.all(p, x.all(q, x.all(r, true))))',
    ],
    ['comparisons of what it made', '[self.status.l.filter(a, a < 900)].all(x, x.all(p, [x, x] == [x, x]))'],
    ['pieces of a long text', "[self.status.s.split('')].all(x, x.all(p, p in x))"],
    [
      'a long text again and again',
      `[self.status.s].all(x, self.status.l.all(y, (x${' + x'.repeat(20)}).size() > 0))`,
    ],
  ])('do not stall on %s', async (_, current) => {
    const status = { l: Array.from({ length: 100_000 }, (__, index) => index), s: 'x'.repeat(1_000_000) };
    const startedAt = performance.now();
    const { health, reason } = await judge({ current }, order(status));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(['UNKNOWN RuleFailed', 'HEALTHY Current']).toContain(`${health} ${reason}`);
  });

  it('say in words why they cannot tell', async () => {
    const { message } = await judge({ current: 'self.status.a < self.status.b' }, order({ a: 1, b: 'x' }));
    expect(message).toMatch(/^the expression "current" of its health rule /);
  });

  it('that cannot be compiled make their objects UNKNOWN and no others', async () => {
    const { health, message } = await judge({ current: 'self.(' }, order({}));
    expect([health, message.slice(0, 44)]).toEqual([
      'UNKNOWN',
      'the health rule of its kind cannot be used: ',
    ]);
  });
});

describe('what is no rule', () => {
  const ours = { group: 'shop.example', kinds: ['Order'], current: 'true' };
  const strange = [{}, [], { group: 'a' }, { group: 'a', kinds: 'B' }, { kinds: ['C'], current: 5 }];

  it('is passed over, and the others count', async () => {
    const rules = await compileHealthRules([...strange, ours]);
    expect(computeHealth(order({}), {}, rules).health).toBe('HEALTHY');
  });

  it('of a later build makes its kinds UNKNOWN', async () => {
    const rules = await compileHealthRules([{ group: 'shop.example', kinds: ['Order'], oracle: 'x' }]);
    expect(computeHealth(order({}), {}, rules).reason).toBe('RuleUnreadable');
  });

  it('while rules are read, their kinds are UNKNOWN and others are judged', () => {
    const rules = pendingHealthRules([...strange, ours]);
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    expect([computeHealth(order({}), {}, rules).reason, computeHealth(other, {}, rules).health]).toEqual([
      'RuleNotReady',
      'HEALTHY',
    ]);
  });
});

describe('declared rules', () => {
  it("of a user come before this project's own", async () => {
    const rules = await compileHealthRules([
      { group: 'apps', kinds: ['Deployment'], cases: [], otherwise: 'SUSPENDED' },
    ]);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } };
    expect(computeHealth(deployment, {}, rules).health).toBe('SUSPENDED');
  });
});
