import { describe, expect, it } from 'vitest';
import type { DeclaredRule } from './form/rule-form.ts';
import { entriesOf, indexRules } from './rule-index.ts';

const says = (group: string, kinds: DeclaredRule['kinds'], reason: string): DeclaredRule => ({
  group,
  kinds,
  cases: [{ when: { field: 'kind', exists: true }, health: 'HEALTHY', reason }],
});

const index = indexRules(
  [
    says('shop.example', ['Order'], 'OfKind'),
    says('shop.example', '*', 'OfGroup'),
    says('*.shop.example', '*', 'BelowShop'),
    says('*.eu.shop.example', '*', 'BelowEu'),
  ].flatMap(entriesOf),
);

function found(group: string, kind: string): string | undefined {
  const object = { apiVersion: group ? `${group}/v1` : 'v1', kind, metadata: { name: 'a' } };
  return index.find(object)?.judge(object, {}).reason;
}

describe('the index of rules', () => {
  it.each([
    ['shop.example', 'Order', 'OfKind'],
    ['shop.example', 'Parcel', 'OfGroup'],
    ['stock.shop.example', 'Order', 'BelowShop'],
    ['x.stock.shop.example', 'Order', 'BelowShop'],
    ['stock.eu.shop.example', 'Order', 'BelowEu'],
    ['workshop.example', 'Order', undefined],
    ['', 'Order', undefined],
  ])('finds for %s/%s the nearest rule', (group, kind, reason) => {
    expect(found(group, kind)).toBe(reason);
  });

  it('lets the later of two rules for a kind win', () => {
    const both = indexRules([
      ...entriesOf(says('a.b', ['C'], 'First')),
      ...entriesOf(says('a.b', ['C'], 'Second')),
    ]);
    const object = { apiVersion: 'a.b/v1', kind: 'C', metadata: { name: 'a' } };
    expect(both.find(object)?.judge(object, {}).reason).toBe('Second');
  });
});
