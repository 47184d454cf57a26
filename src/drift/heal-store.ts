// Which instances a wish to heal concerns.
import type { SqlTransaction } from '../platform/database/database.ts';
import type { DriftFilter } from './domain/drift-filter.ts';

/** An instance with open drift. */
export interface DriftedInstance {
  readonly instanceId: bigint;
  readonly clusterId: bigint;
}

export abstract class HealStore {
  /** Living instances with open items that the filter names, accepted ones left out; at most `limit`. */
  abstract drifted(
    tx: SqlTransaction,
    filter: DriftFilter,
    limit: number,
    now: Date,
  ): Promise<DriftedInstance[]>;
}
