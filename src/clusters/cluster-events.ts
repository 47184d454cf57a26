// Events of clusters, each with the notice that wakes whoever follows the cluster.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type NewEvent } from '../activity/activity-log.ts';
import type { Transaction } from '../platform/database/database.ts';

/** What happened to a cluster. */
export interface ClusterEvent extends Pick<NewEvent, 'kind' | 'actor' | 'message' | 'data'> {
  readonly clusterId: bigint;
  readonly cluster: string;
}

@Injectable()
export class ClusterEvents {
  constructor(private readonly activity: ActivityLog) {}

  async record(tx: Transaction, events: readonly ClusterEvent[]): Promise<void> {
    if (events.length === 0) return;
    const recorded = events.map(({ kind, actor, message, cluster, data }): NewEvent => {
      return { kind, actor, message, cluster, ...(data ? { data } : {}) };
    });
    await this.activity.record(tx, recorded);
    await this.activity.notify(
      tx,
      events.map(({ clusterId }) => ({ topic: 'cluster.changed', payload: { clusterId: `${clusterId}` } })),
    );
  }
}
