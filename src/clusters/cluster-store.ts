// Where clusters are kept, with when they were heard last.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';
import type { Cluster, ConnectionChange } from './domain/cluster.ts';
import type { ConnectionState } from './domain/connection-state.ts';
import type { Labels } from './domain/labels.ts';
import type { LabelSelector } from './domain/label-selector.ts';

/** A cluster about to be stored, or the new identity of one that was rebuilt. */
export interface ClusterIdentity {
  readonly kubeSystemUid: string;
  readonly publicKey: string;
  readonly joinTokenId: bigint;
  readonly kubernetesVersion: string | null;
  readonly agentVersion: string | null;
}

export interface NewCluster extends ClusterIdentity {
  readonly name: string;
  readonly labels: Labels;
  readonly acceptedAt: Date | null;
}

/** The times that tell the states apart; see `connectionLimits`. */
export interface ConnectionLimits {
  readonly onlineSince: Date;
  readonly staleSince: Date;
}

export interface ClusterFilter {
  readonly selector?: LabelSelector | undefined;
  readonly states?: readonly ConnectionState[] | undefined;
  readonly limits: ConnectionLimits;
}

export abstract class ClusterStore {
  abstract findByName(name: string): Promise<Cluster | undefined>;
  /** In no particular order; ids that do not exist are left out. */
  abstract findByIds(ids: readonly bigint[]): Promise<Cluster[]>;
  /** Those agents whose cluster was revoked, deleted or rebuilt with another key. */
  abstract findEnded<Agent extends Pick<AgentPrincipal, 'clusterId' | 'publicKey'>>(
    agents: readonly Agent[],
  ): Promise<readonly Agent[]>;
  /** By name. */
  abstract page(filter: ClusterFilter, first: number, after: string | undefined): Promise<Page<Cluster>>;
  /** The clusters of each of these environments, by name, in one statement; in the order of the ids. */
  abstract pagesOfEnvironments(
    environmentIds: readonly bigint[],
    first: number,
    after: string | undefined,
  ): Promise<Page<Cluster>[]>;

  /** Locked until the transaction ends. */
  abstract lockByName(tx: Transaction, name: string): Promise<Cluster | undefined>;
  abstract lockById(tx: Transaction, id: bigint): Promise<Cluster | undefined>;
  /** Every cluster that has one of these in common with a joining one; locked. */
  abstract lockKin(
    tx: Transaction,
    kin: { readonly name: string | null; readonly kubeSystemUid: string; readonly publicKey: string },
  ): Promise<Cluster[]>;

  /** With its roll-up. `undefined` where the name, UID or key was taken in the same moment. */
  abstract insert(tx: Transaction, cluster: NewCluster): Promise<Cluster | undefined>;
  /** A rebuilt cluster: it is accepted, not revoked, has applied nothing, and its sessions go on. */
  abstract replace(tx: Transaction, id: bigint, identity: ClusterIdentity, at: Date): Promise<void>;
  abstract setJoinToken(tx: Transaction, id: bigint, joinTokenId: bigint): Promise<void>;
  abstract setLabels(tx: Transaction, id: bigint, labels: Labels): Promise<void>;
  abstract accept(tx: Transaction, id: bigint, at: Date): Promise<void>;
  abstract revoke(tx: Transaction, id: bigint, at: Date, reason: string): Promise<void>;
  abstract beginDeleting(tx: Transaction, id: bigint, at: Date): Promise<void>;
  abstract delete(tx: Transaction, ids: readonly bigint[]): Promise<void>;
  /** Clusters that are being deleted and have no instance any more; locked, those locked by others left out. */
  abstract lockEmptied(tx: Transaction): Promise<Cluster[]>;
  /** Also tombstones that are not acknowledged. */
  abstract hasInstances(tx: Transaction, id: bigint): Promise<boolean>;

  /** False where a renewal with the same or a later time was accepted already: a replay. */
  abstract noteRenewal(tx: Transaction, id: bigint, issuedAt: Date): Promise<boolean>;

  /** One statement for all; a time never goes back. */
  abstract touch(seen: readonly (readonly [id: bigint, at: Date])[]): Promise<void>;
  /** Sets `announced` to the state by the limits wherever it differs, and answers what changed. */
  abstract announce(
    tx: Transaction,
    limits: ConnectionLimits,
    only: 'ALL' | 'IMPROVEMENTS',
  ): Promise<ConnectionChange[]>;
}
