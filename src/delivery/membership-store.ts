// Which instances there are, against which there should be: the reads and writes behind `follow`.
import type { Tombstone } from '@fairlead/protocol/assignment';
import type { FleetScope } from '../clusters/fleet-membership-port.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { RemovedInstance } from './domain/removal-guard.ts';
import type { SlotKey } from './domain/slot-key.ts';

/** An instance that was just made. */
export interface AddedInstance extends SlotKey, RemovedInstance {
  readonly id: bigint;
  readonly clusterId: bigint;
}

/** A living instance that is not wanted any more. */
export interface UnwantedInstance extends RemovedInstance {
  readonly id: bigint;
  readonly clusterId: bigint;
  /** Null where the row is gone already. */
  readonly applicationId: bigint | null;
  readonly environmentId: bigint | null;
  /** 0: never assigned, so nothing of it can be in the cluster. */
  readonly generation: bigint;
}

export abstract class MembershipStore {
  /** Living instances in the scope whose application's policy does not lead to their cluster, by name. */
  abstract unwanted(tx: Transaction, scope: FleetScope): Promise<UnwantedInstance[]>;
  /** Makes what is wanted and missing, each with a random 128-bit tracking id that never recurs. */
  abstract addMissing(tx: Transaction, scope: FleetScope): Promise<AddedInstance[]>;
  /** Locks the clusters of the scope's instances, tombstones included, in the order of their ids. */
  abstract lockClusters(
    tx: Transaction,
    scope: Pick<FleetScope, 'applicationIds' | 'environmentIds'>,
  ): Promise<void>;
  /** Turns assigned ones into tombstones with a new generation, drops the others, and forgets what was reported of them. */
  abstract remove(
    tx: Transaction,
    instances: readonly UnwantedInstance[],
    mode: Tombstone,
  ): Promise<readonly (readonly [clusterId: bigint, generation: bigint])[]>;
  /** Takes the reported states of a cluster's living instances away, from the roll-ups too; answers those that had one. */
  abstract forgetReports(
    tx: Transaction,
    clusterId: bigint,
  ): Promise<readonly (SlotKey & { readonly id: bigint })[]>;
  /** Drops the roll-ups of slots whose application or environment is gone. */
  abstract dropLostRollups(tx: Transaction, scope: FleetScope): Promise<void>;
}
