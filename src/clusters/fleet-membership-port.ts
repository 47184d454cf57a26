// What clusters, environments, policies and applications must ask of delivery inside their own transaction:
// does this change remove instances, and if not, let the instances follow.
import type { Transaction } from '../platform/database/database.ts';
import { Refused, type Refusal } from '../platform/refusal.ts';

/** What changed; everything that depends on it is brought in line. */
export interface FleetScope {
  readonly clusterIds?: readonly bigint[];
  readonly environmentIds?: readonly bigint[];
  readonly applicationIds?: readonly bigint[];
  readonly policyIds?: readonly bigint[];
}

/**
 * A person's word that instances may go: the exact count, and whether their objects are deleted or left (orphaned).
 * `ANY` is for what must never be refused: revoking a cluster.
 */
export interface RemovalConsent {
  readonly confirmRemovals?: number | 'ANY' | undefined;
  readonly prune: boolean;
}

/** Implemented by delivery. */
export abstract class FleetMembership {
  /**
   * Call it after writing the change, in the same transaction: it recomputes which clusters are in which environments,
   * makes instances that are now wanted, and turns those that are not into tombstones.
   * Answers a `REMOVES_INSTANCES` refusal (count and examples) where `confirmRemovals` is not exactly the count of what
   * would go; the caller then throws `Refused`, so that nothing of the change stays.
   */
  abstract follow(tx: Transaction, scope: FleetScope, consent: RemovalConsent): Promise<Refusal | undefined>;
  /**
   * Call it before deleting what instances refer to, which the database carries into their rows by itself: everywhere
   * the clusters are locked before their instances.
   */
  abstract lockClusters(
    tx: Transaction,
    scope: Pick<FleetScope, 'applicationIds' | 'environmentIds'>,
  ): Promise<void>;
  /** Forgets what was reported of the cluster's instances: a rebuilt one runs nothing of what its predecessor said. */
  abstract forgetReports(tx: Transaction, clusterId: bigint): Promise<void>;
}

/** `follow` for callers that refuse with it: nothing of their transaction stays where it answers a refusal. */
export async function followOrRefuse(
  fleet: FleetMembership,
  tx: Transaction,
  scope: FleetScope,
  consent: RemovalConsent,
): Promise<void> {
  const refusal = await fleet.follow(tx, scope, consent);
  if (refusal) throw new Refused(refusal);
}
