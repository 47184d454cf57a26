// Which instances a wish to heal concerns.
import type { Transaction } from '../platform/database/database.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import type { HealWish } from './domain/heal-wish.ts';

/** An instance with open drift. */
export interface DriftedInstance {
  readonly instanceId: bigint;
  readonly clusterId: bigint;
  /** Its items that the filter names, each as a wish; empty where they were not asked for. */
  readonly items: readonly HealWish[];
}

export abstract class HealStore {
  /** Living instances with open items that the filter names, accepted ones left out; at most `limit`. */
  abstract drifted(
    tx: Transaction,
    filter: DriftFilter,
    how: { readonly limit: number; readonly now: Date; readonly withItems: boolean },
  ): Promise<DriftedInstance[]>;
}
