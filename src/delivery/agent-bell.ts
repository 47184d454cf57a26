// Rings agents: after commit, every replica learns which clusters have something to fetch.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import type { ClusterGeneration } from './generation-sql.ts';

@Injectable()
export class AgentBell {
  constructor(private readonly pubSub: PubSub) {}

  /** A ring that is lost costs time only: replicas compare generations by themselves every now and then. */
  ringAfterCommit(tx: Transaction, generations: readonly ClusterGeneration[]): void {
    if (generations.length === 0) return;
    const clusters = generations.map(([id, generation]) => [String(id), Number(generation)] as const);
    tx.afterCommit(() => this.pubSub.publish('agents.ring', { clusters }));
  }
}
