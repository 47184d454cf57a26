// Which namespaces an instance has to itself, so that what nobody declared there is of interest. Pure.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { Inventory } from './inventory.ts';

/** What is looked at of an instance. */
export interface Inhabitant {
  readonly assignment: Pick<Assignment, 'instance'>;
  readonly inventory: Inventory;
}

// Everybody's: nobody has these to himself, even where he is alone in them.
const SHARED = /^(default|kube-.*)$/;

/** Namespaces with objects of this instance and of no other. */
export function ownNamespaces(instance: string, all: Iterable<Inhabitant>): readonly string[] {
  const own = new Set<string>();
  const others = new Set<string>();
  for (const { assignment, inventory } of all) {
    const found = assignment.instance === instance ? own : others;
    for (const { ref } of inventory.values()) if (ref.namespace !== undefined) found.add(ref.namespace);
  }
  return [...own].filter((namespace) => !others.has(namespace) && !SHARED.test(namespace)).sort();
}
