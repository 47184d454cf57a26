// What agents read: their assignments, tombstones and instructions, always only their own.
import type { Tombstone } from '@fairlead/protocol/assignment';
import type { AssignedException } from '@fairlead/protocol/drift';
import type { Transaction } from '../platform/database/database.ts';
import type { AssignedSettings } from './domain/assigned-settings.ts';
import type { FeedFacts, FeedPosition } from './domain/agent-feed.ts';
import type { RemovedInstance } from './domain/removal-guard.ts';
import type { ClusterGeneration } from './generation-sql.ts';

/** An assigned instance or a tombstone, as agents get it. */
export interface FeedRow {
  readonly id: bigint;
  readonly trackingId: string;
  readonly application: string;
  readonly environment: string;
  readonly releaseNumber: number | null;
  readonly bundleDigest: string | null;
  readonly generation: bigint;
  readonly settings: AssignedSettings;
  readonly exceptions: readonly AssignedException[];
  readonly approvedPrune: bigint | null;
  readonly tombstone: Tombstone | null;
}

/** Something to be done once. */
export interface InstructionRow {
  readonly publicId: string;
  readonly kind: string;
  readonly instance: string | null;
  readonly payload: unknown;
  readonly expiresAt: Date;
}

/** A page and what the hub was at in the same moment. */
export interface FeedPage extends FeedFacts {
  readonly rows: readonly FeedRow[];
}

/** One over all assignments of a cluster. */
export interface FeedDigest {
  readonly epoch: string;
  readonly generation: bigint;
  readonly digest: string;
}

/** An instance whose tombstone was carried out, by its names. */
export interface BuriedInstance extends Omit<RemovedInstance, 'cluster'> {
  readonly tombstone: Tombstone;
}

/** Something that an agent spoke of and that belongs to another cluster. */
export interface ForeignClaim {
  readonly kind: 'INSTRUCTION' | 'INSTANCE';
  readonly id: string;
  readonly cluster: string;
}

/** What many agents ask in one moment may be read together; each gets its own answer. */
export abstract class AgentFeedStore {
  /** In the order of (generation, id), from after `position`; facts and rows are of one moment. */
  abstract page(clusterId: bigint, position: FeedPosition, limit: number): Promise<FeedPage>;
  /** Those that are neither acknowledged nor expired, oldest first. */
  abstract instructions(clusterId: bigint, limit: number): Promise<InstructionRow[]>;
  abstract digest(clusterId: bigint): Promise<FeedDigest>;
  /** The generation of each cluster that still exists. */
  abstract generations(clusterIds: readonly bigint[]): Promise<ClusterGeneration[]>;
  /** Whether a living instance of the cluster is assigned the bundle. */
  abstract isAssigned(clusterId: bigint, digest: string): Promise<boolean>;
  /** False where the session is not the cluster's newest. */
  abstract isCurrentSession(tx: Transaction, clusterId: bigint, session: bigint): Promise<boolean>;
  /** Forgets instances whose tombstones were carried out; others in the list are left alone. */
  abstract bury(
    tx: Transaction,
    clusterId: bigint,
    trackingIds: readonly string[],
  ): Promise<BuriedInstance[]>;
  /** Instructions that were done; an id that is not this cluster's changes nothing. */
  abstract acknowledge(
    tx: Transaction,
    clusterId: bigint,
    ids: readonly string[],
    outcomes: ReadonlyMap<string, unknown>,
  ): Promise<void>;
  /** Of these ids, those of other clusters: nothing is done with them, and that is logged. */
  abstract foreign(
    tx: Transaction,
    clusterId: bigint,
    ids: { readonly instructions: readonly string[]; readonly instances: readonly string[] },
  ): Promise<ForeignClaim[]>;
}
