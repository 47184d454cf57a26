// What people do to enrolled clusters: accept, label, revoke.
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/database.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { ClusterCredentials } from './cluster-credentials.ts';
import { ClusterEvents, type ClusterEvent } from './cluster-events.ts';
import { ClusterStore } from './cluster-store.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { FleetChanges } from './fleet-changes.ts';
import type { RemovalConsent } from './fleet-membership-port.ts';
import type { Cluster } from './domain/cluster.ts';
import { readLabels } from './domain/labels.ts';

/** Who does it; activity names them. */
export interface Actor {
  readonly user: string;
}

/** A change of one cluster: its event, or nothing where there was nothing to do. */
type Change = (
  tx: Transaction,
  cluster: Cluster,
) => Promise<Pick<ClusterEvent, 'kind' | 'message' | 'data'> | undefined>;

@Injectable()
export class ClusterCommands {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly credentials: ClusterCredentials,
    private readonly events: ClusterEvents,
    private readonly sockets: ClusterSockets,
    private readonly changes: FleetChanges,
    private readonly clock: Clock,
  ) {}

  /** Lets a cluster that joined without acceptance into its environments. */
  accept(name: string, actor: Actor): Promise<Cluster | Refusal> {
    return this.changeOne(name, actor, async (tx, cluster) => {
      if (cluster.revokedAt)
        throw new Refused(
          refuse('CLUSTER_REVOKED', `Cluster "${name}" was revoked; delete it, or let it be replaced.`),
        );
      if (cluster.acceptedAt) return undefined;
      await this.clusters.accept(tx, cluster.id, this.clock.now());
      await this.changes.follow(tx, { clusterIds: [cluster.id] }, { prune: false });
      return { kind: 'cluster.accepted', message: `Cluster "${name}" was accepted.` };
    });
  }

  /** Replaces all labels. */
  setLabels(
    name: string,
    labels: unknown,
    consent: RemovalConsent,
    actor: Actor,
  ): Promise<Cluster | Refusal> {
    const read = readLabels(labels);
    if ('problems' in read) throw invalid('setClusterLabels', read.problems);
    return this.changeOne(name, actor, async (tx, cluster) => {
      if (isDeepStrictEqual(cluster.labels, read.labels)) return undefined;
      await this.clusters.setLabels(tx, cluster.id, read.labels);
      await this.changes.follow(tx, { clusterIds: [cluster.id] }, consent);
      const data = { before: cluster.labels, after: read.labels };
      return { kind: 'cluster.labelled', message: `The labels of cluster "${name}" were changed.`, data };
    });
  }

  /**
   * Ends every credential of the cluster and closes its sockets at once. Never refused: its instances go, and what
   * runs in the cluster stays there, because no agent can be told any more.
   */
  revoke(name: string, reason: string, actor: Actor): Promise<Cluster | Refusal> {
    if (reason.trim() === '' || reason.length > 500)
      throw invalid('revokeCluster', ['reason must be 1 to 500 characters.']);
    return this.changeOne(name, actor, async (tx, cluster) => {
      if (cluster.revokedAt) return undefined;
      await this.clusters.revoke(tx, cluster.id, this.clock.now(), reason);
      await this.credentials.end(tx, cluster.id);
      await this.changes.follow(tx, { clusterIds: [cluster.id] }, { confirmRemovals: 'ANY', prune: false });
      tx.afterCommit(() => this.sockets.closeFormer(cluster, 'the cluster was revoked'));
      return {
        kind: 'cluster.revoked',
        message: `Cluster "${name}" was revoked: ${reason}`,
        data: { reason },
      };
    });
  }

  private async changeOne(name: string, actor: Actor, change: Change): Promise<Cluster | Refusal> {
    return this.changes.change('ONE_CLUSTER', async (tx) => {
      const cluster = await this.clusters.lockByName(tx, name);
      if (!cluster) throw notFound('Cluster', name);
      const event = await change(tx, cluster);
      if (!event) return cluster;
      await this.events.record(tx, [{ ...event, actor: actor.user, clusterId: cluster.id, cluster: name }]);
      return (await this.clusters.lockById(tx, cluster.id)) ?? cluster;
    });
  }
}
