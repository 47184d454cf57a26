// Where a slot's hold is kept: on the slot's own row, which the caller has locked.
import type { Transaction } from '../../platform/database/database.ts';
import type { SlotKey } from '../promotion-store.ts';

/** Why releases wait in a slot, as people see it. */
export interface Hold {
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly until: Date | null;
}

export abstract class HoldStore {
  /** Takes the place of a hold that is there. */
  abstract hold(tx: Transaction, key: SlotKey, hold: Omit<Hold, 'createdAt'>): Promise<void>;
  /** What was ended; `undefined`: nothing was held. */
  abstract release(tx: Transaction, key: SlotKey): Promise<Hold | undefined>;
  /** Holds that are on now, by `slotId`. */
  abstract holdsOf(keys: readonly SlotKey[]): Promise<Map<string, Hold>>;
}
