// Tells of clusters whose connection state is another than the last event said.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { ClusterEvents } from './cluster-events.ts';
import { ClusterQueries } from './cluster-queries.ts';
import { ClusterStore } from './cluster-store.ts';
import { connectionEvent } from './connection-events.ts';

@Injectable()
export class ConnectionAnnouncements {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly queries: ClusterQueries,
    private readonly events: ClusterEvents,
  ) {}

  /** `IMPROVEMENTS`: only those that came back. */
  async announce(tx: Transaction, only: 'ALL' | 'IMPROVEMENTS'): Promise<void> {
    const changes = await this.clusters.announce(tx, this.queries.limits(), only);
    const events = changes.map(connectionEvent).filter((event) => event !== undefined);
    await this.events.record(tx, events);
  }
}
