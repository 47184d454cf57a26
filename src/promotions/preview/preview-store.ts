// What a preview reads of the slot that nothing else needs.
import type { Transaction } from '../../platform/database/database.ts';
import type { SlotKey } from '../promotion-store.ts';

export abstract class PreviewStore {
  /** The bundle that each cluster of the slot is assigned; null where it was given none. */
  abstract assigned(tx: Transaction, key: SlotKey): Promise<Map<bigint, string | null>>;
}
