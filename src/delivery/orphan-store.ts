// What agents keep of instances that this hub does not know.
import type { Transaction } from '../platform/database/database.ts';

/** As an agent tells it, from the inventory in its cluster. */
export interface ReportedOrphan {
  readonly trackingId: string;
  readonly application: string;
  readonly environment: string;
  readonly objects: number;
}

/** One that is kept, of a cluster. */
export interface Orphan extends ReportedOrphan {
  readonly clusterId: bigint;
  readonly firstSeenAt: Date;
}

export abstract class OrphanStore {
  /**
   * Makes these, of this session, the cluster's orphans: all others are forgotten, and so is whatever the hub does know.
   * Answers those that were not told before; undefined where the session is not the newest, and nothing is changed.
   */
  abstract replace(
    tx: Transaction,
    agent: { readonly clusterId: bigint; readonly session: bigint },
    orphans: readonly ReportedOrphan[],
  ): Promise<ReportedOrphan[] | undefined>;
  /** Those that each cluster's newest session told, by name; at most `limit` of each cluster. */
  abstract ofClusters(clusterIds: readonly bigint[], limit: number): Promise<Orphan[]>;
}
