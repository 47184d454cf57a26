// What is written of drift, for the instances of many reports at once.
import type { Transaction } from '../platform/database/database.ts';
import type { ClosedDrift, OpenDrift } from '../delivery/domain/drift-report.ts';
import type { SlotKey } from '../delivery/domain/slot-key.ts';
import type { EndedItem, StoredItem } from './domain/plan-drift.ts';

/** A difference with the instance that it is of. */
export type Placed<Drift> = Drift & {
  readonly place: SlotKey & { readonly id: bigint; readonly clusterId: bigint };
};

/** A stored item with its instance. */
export interface StoredItemOf extends StoredItem {
  readonly instanceId: bigint;
}

/** An episode that is history now. */
export interface PassedItem {
  readonly id: bigint;
  readonly instanceId: bigint;
  readonly episode: string;
}

export abstract class DriftStore {
  /** The open items of these instances, locked in the order of their ids, which is everybody's order. */
  abstract lock(tx: Transaction, instanceIds: readonly bigint[]): Promise<StoredItemOf[]>;
  /** Stores what is new and changes what is not the same; answers the ids of the new ones. */
  abstract putOpen(tx: Transaction, open: readonly Placed<OpenDrift>[]): Promise<bigint[]>;
  /** Moves items to the history. */
  abstract end(tx: Transaction, ended: readonly EndedItem[]): Promise<void>;
  /** Straight to the history, unless it is there already; answers those that were not. */
  abstract putPassed(tx: Transaction, passed: readonly Placed<ClosedDrift>[]): Promise<PassedItem[]>;
  /** Ends up to `limit` items of instances that live no more, or of those given; answers the ids of the items. */
  abstract endGone(
    tx: Transaction,
    which: { readonly instanceIds: readonly bigint[] } | { readonly sweep: number },
  ): Promise<bigint[]>;
}
