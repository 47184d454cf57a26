// Reads clusters and says how they are connected.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import type { Page } from '../platform/graphql/connection.ts';
import { ClusterStore, type ClusterFilter } from './cluster-store.ts';
import type { Cluster } from './domain/cluster.ts';
import { connectionLimits, connectionStateAt, type ConnectionState } from './domain/connection-state.ts';

@Injectable()
export class ClusterQueries {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  byName(name: string): Promise<Cluster | undefined> {
    return this.clusters.findByName(name);
  }

  /** In the order of the ids; `undefined` for those that do not exist. */
  async byIds(ids: readonly bigint[]): Promise<(Cluster | undefined)[]> {
    const found = new Map((await this.clusters.findByIds(ids)).map((cluster) => [cluster.id, cluster]));
    return ids.map((id) => found.get(id));
  }

  /** By name; `after` is the last name of the page before. */
  page(
    filter: Omit<ClusterFilter, 'limits'>,
    first: number,
    after: string | undefined,
  ): Promise<Page<Cluster>> {
    return this.clusters.page({ ...filter, limits: this.limits() }, first, after);
  }

  /** The clusters of each environment, by name; in the order of the ids. */
  pagesOfEnvironments(
    environmentIds: readonly bigint[],
    first: number,
    after: string | undefined,
  ): Promise<Page<Cluster>[]> {
    return this.clusters.pagesOfEnvironments(environmentIds, first, after);
  }

  connectionState(cluster: Pick<Cluster, 'revokedAt' | 'lastSeenAt'>): ConnectionState {
    return connectionStateAt(cluster, this.clock.now(), this.config);
  }

  /** For other features' SQL: heard after `onlineSince` is ONLINE, after `staleSince` STALE, else OFFLINE. */
  limits(): { readonly onlineSince: Date; readonly staleSince: Date } {
    return connectionLimits(this.clock.now(), this.config);
  }
}
