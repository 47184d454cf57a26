// A cluster leaves: at once, or, where its objects are to be pruned, once its agent has done that.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { refuse, Refused, type Refusal } from '../platform/refusal.ts';
import type { Actor } from './cluster-commands.ts';
import { ClusterEvents } from './cluster-events.ts';
import { ClusterQueries } from './cluster-queries.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { ClusterStore } from './cluster-store.ts';
import { FleetChanges } from './fleet-changes.ts';
import type { RemovalConsent } from './fleet-membership-port.ts';
import type { Cluster } from './domain/cluster.ts';

@Injectable()
export class ClusterDeletionCommands {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly queries: ClusterQueries,
    private readonly events: ClusterEvents,
    private readonly sockets: ClusterSockets,
    private readonly changes: FleetChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Without `prune` the cluster is forgotten at once and what runs there stays. With it, its agent removes what it
   * applied; the cluster is forgotten when the last of that is acknowledged (`forgetEmptied`).
   */
  delete(name: string, consent: RemovalConsent, actor: Actor): Promise<true | Refusal> {
    return this.changes.change('ONE_CLUSTER', async (tx) => {
      const cluster = await this.clusters.lockByName(tx, name);
      if (!cluster) throw notFound('Cluster', name);
      if (consent.prune) await this.requireAgent(tx, cluster);
      await this.clusters.beginDeleting(tx, cluster.id, this.clock.now());
      await this.changes.follow(tx, { clusterIds: [cluster.id] }, consent);
      const prunes = consent.prune && (await this.clusters.hasInstances(tx, cluster.id));
      await (prunes ? this.tellAgent(tx, cluster, actor) : this.forget(tx, [cluster], actor.user));
      return true as const;
    });
  }

  /** Clusters whose agents have pruned everything. */
  async forgetEmptied(tx: Transaction): Promise<void> {
    await this.forget(tx, await this.clusters.lockEmptied(tx), 'fairlead');
  }

  private async requireAgent(tx: Transaction, cluster: Cluster): Promise<void> {
    const state = this.queries.connectionState(cluster);
    if (state === 'ONLINE' || !(await this.clusters.hasInstances(tx, cluster.id))) return;
    const message = `Cluster "${cluster.name}" is ${state}: no agent is there to prune what runs in it. Delete it with prune: false, which leaves that running, or bring its agent back.`;
    throw new Refused(refuse('CLUSTER_NOT_ONLINE', message));
  }

  private async tellAgent(tx: Transaction, { id, name }: Cluster, actor: Actor): Promise<void> {
    const message = `Cluster "${name}" is being deleted; its agent removes what it applied first.`;
    const event = { kind: 'cluster.deleting', actor: actor.user, message, clusterId: id, cluster: name };
    await this.events.record(tx, [event]);
  }

  private async forget(tx: Transaction, clusters: readonly Cluster[], actor: string): Promise<void> {
    if (clusters.length === 0) return;
    const ids = clusters.map(({ id }) => id);
    await this.clusters.delete(tx, ids);
    const events = clusters.map(({ id, name }) => ({
      kind: 'cluster.deleted',
      actor,
      message: `Cluster "${name}" was deleted.`,
      clusterId: id,
      cluster: name,
    }));
    await this.events.record(tx, events);
    tx.afterCommit(() => this.sockets.closeDeleted(ids));
  }
}
