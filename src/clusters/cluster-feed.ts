// Tells every replica's subscribers of changed clusters: ids only, each reads the rows itself.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { flatMapEvents } from '../platform/graphql/map-events.ts';
import { follow } from '../platform/pubsub/follow.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { ClusterQueries } from './cluster-queries.ts';
import type { Cluster } from './domain/cluster.ts';
import { matchesSelector, type LabelSelector } from './domain/label-selector.ts';

@Injectable()
export class ClusterFeed implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly pubSub: PubSub,
    private readonly queries: ClusterQueries,
  ) {}

  onModuleInit(): void {
    this.notices.on('cluster.changed', (payloads) => {
      const clusterIds = [...new Set(payloads.map(({ clusterId }) => String(clusterId)))];
      return this.pubSub.publish('clusters.changed', { clusterIds });
    });
  }

  /** Each cluster that changes from now on and matches; one that was deleted is not among them. */
  changed(selector: LabelSelector): AsyncGenerator<Cluster, void, void> {
    return flatMapEvents(follow(this.pubSub, 'clusters.changed'), async ({ clusterIds }) => {
      const clusters = await this.queries.byIds(clusterIds.map(BigInt));
      return clusters
        .filter((cluster) => cluster !== undefined)
        .filter(({ labels }) => matchesSelector(selector, labels));
    });
  }
}
