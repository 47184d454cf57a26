import { expect, it } from 'vitest';
import { inventoryOf, type InventoryEntry } from './inventory.ts';
import { ownNamespaces, type Inhabitant } from './own-namespaces.ts';

const living = (instance: string, ...namespaces: (string | undefined)[]): Inhabitant => {
  const entries = namespaces.map((namespace, index): InventoryEntry => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: `c-${index}` };
    return { ref: namespace === undefined ? ref : { ...ref, namespace }, place: [0, 0, 0] };
  });
  return { assignment: { instance }, inventory: inventoryOf(entries) };
};

it('names the namespaces in which an instance lives alone, and never those that are everybody’s', () => {
  const all = [
    living('a', 'shop', 'shop', 'shared', 'default', 'kube-system', undefined),
    living('b', 'shared', 'other'),
  ];
  expect(ownNamespaces('a', all)).toEqual(['shop']);
  expect(ownNamespaces('b', all)).toEqual(['other']);
  expect(ownNamespaces('c', all)).toEqual([]);
});
