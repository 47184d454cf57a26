// Where freezes are kept.
import type { Transaction } from '../../platform/database/database.ts';
import type { Page } from '../../platform/graphql/connection.ts';
import type { SlotKey } from '../promotion-store.ts';

/** What a freeze covers: all that is given must match; nothing given: everything. */
export interface FreezeScope {
  readonly application: string | null;
  readonly environment: string | null;
  readonly selector: string | null;
}

/** A time in which nothing starts. */
export interface Freeze extends FreezeScope {
  readonly id: bigint;
  readonly reason: string;
  readonly createdBy: string;
  readonly from: Date;
  /** Null: until a person ends it. */
  readonly until: Date | null;
  readonly endedAt: Date | null;
}

/** A freeze about to be made. */
export type NewFreeze = Omit<Freeze, 'id' | 'endedAt' | 'from'> & {
  /** Null: from now on. */
  readonly from: Date | null;
};

export abstract class FreezeStore {
  abstract create(tx: Transaction, freeze: NewFreeze): Promise<Freeze>;
  /** Locked until the transaction ends. */
  abstract lock(tx: Transaction, id: bigint): Promise<Freeze | undefined>;
  abstract end(tx: Transaction, id: bigint, by: string, reason: string): Promise<Freeze>;
  /** Newest first; `active`: on at this moment, or the others. */
  abstract page(
    active: boolean | undefined,
    first: number,
    before: bigint | undefined,
  ): Promise<Page<Freeze>>;
  /** Slots with open promotions that the scope may concern; selectors are left to the gates. */
  abstract openSlots(tx: Transaction, scope: FreezeScope): Promise<SlotKey[]>;
  /** Of the names that a scope has, those that do not exist. */
  abstract unknownNames(tx: Transaction, scope: FreezeScope): Promise<string[]>;
}
