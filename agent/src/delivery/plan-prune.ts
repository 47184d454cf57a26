// Which objects leave the cluster, and whether a person has to allow it. Pure.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { inStages } from './apply-order.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';

/** What a prune looks at. */
export interface PruneFacts {
  readonly inventory: Inventory;
  readonly assignment: Pick<Assignment, 'generation' | 'approvedPrune' | 'syncPolicy'>;
  /** Whether the bundle still has this object, or may have it (its kind is not known yet). */
  readonly isDesired: (id: string, entry: InventoryEntry) => boolean;
  /** Whether the object is in the cluster and carries this instance's label. */
  readonly isOurs: (id: string) => boolean;
  /** Objects in the bundle. */
  readonly desiredCount: number;
}

/** `stages` in the order of removal. `forget`: entries whose objects are gone or are no longer ours. */
export interface PrunePlan {
  readonly stages: readonly (readonly InventoryEntry[])[];
  readonly forget: readonly string[];
  readonly held: readonly ObjectRef[];
  /** Why the guard holds the removal back; empty when it does not. */
  readonly heldBecause: string;
}

// Each of them takes more with it than itself: content, custom resources, data.
const GUARDED_KINDS = new Set(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim']);

/** Plans the removal of what left the bundle. */
export function planPrune(facts: PruneFacts): PrunePlan {
  const left = [...facts.inventory].filter(([id, entry]) => !facts.isDesired(id, entry));
  const forget = left.filter(([id]) => !facts.isOurs(id)).map(([id]) => id);
  const removable = left.filter(([id]) => facts.isOurs(id)).map(([, entry]) => entry);
  if (!facts.assignment.syncPolicy.prune) return { stages: [], forget, held: [], heldBecause: '' };
  const heldBecause = guard(facts, removable);
  if (heldBecause !== '') return { stages: [], forget, held: removable.map(({ ref }) => ref), heldBecause };
  return { stages: removalStages(removable), forget, held: [], heldBecause };
}

/** The reverse of the order in which they are applied. */
export function removalStages(entries: readonly InventoryEntry[]): readonly (readonly InventoryEntry[])[] {
  return inStages(entries).toReversed();
}

function guard(facts: PruneFacts, removable: readonly InventoryEntry[]): string {
  const { assignment, inventory, desiredCount, isOurs } = facts;
  if (removable.length === 0 || assignment.approvedPrune === assignment.generation) return '';
  const count = `${removable.length} ${removable.length === 1 ? 'object' : 'objects'}`;
  if (desiredCount === 0)
    return `the bundle is empty, so all ${count} would be removed; approve the prune or mend the source`;
  const guarded = removable.find(({ ref }) => GUARDED_KINDS.has(ref.kind));
  if (guarded)
    return `${guarded.ref.kind} ${guarded.ref.name} would be removed, with all that belongs to it; approve the prune`;
  const kept = [...inventory.keys()].filter(isOurs).length;
  const limit = assignment.syncPolicy.pruneLimitPercent;
  if (removable.length * 100 <= kept * limit) return '';
  return `${count} of ${kept} would be removed, more than ${limit} %; approve the prune or mend the source`;
}
