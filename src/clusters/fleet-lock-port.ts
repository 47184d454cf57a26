// One lock for everything that decides which instances there should be. Without it two changes of different sides
// (a cluster's labels, an environment's selector) could each miss the other, because neither sees uncommitted rows.
import type { Transaction } from '../platform/database/database.ts';

/**
 * `ONE_CLUSTER`: the change concerns single clusters only (join, labels, accept), and many may go on side by side.
 * `FLEET`: selectors, policies, applications: alone.
 */
export type FleetLockMode = 'ONE_CLUSTER' | 'FLEET';

/** Take it first in the transaction, before any row is written or locked; held until the transaction ends. */
export abstract class FleetLock {
  abstract take(tx: Transaction, mode: FleetLockMode): Promise<void>;
}
