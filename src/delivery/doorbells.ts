// The doorbells of the agents connected to this process: who is to look again. Rings merge; one that is lost is made up
// for by comparing generations, after a reconnect of the broker and every now and then.
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config, servesApi } from '../platform/config/config.ts';
import { Log } from '../platform/logging/log.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { AgentFeedStore } from './agent-feed-store.ts';
import { Doorbell } from './doorbell.ts';

const COMPARE_EVERY_MS = 30_000;

@Injectable()
export class Doorbells implements OnModuleInit, OnApplicationShutdown {
  private readonly byCluster = new Map<bigint, Set<Doorbell>>();
  private readonly toCompare = new Set<bigint>();
  private readonly ends: (() => void)[] = [];
  private isComparing = false;

  constructor(
    private readonly store: AgentFeedStore,
    private readonly pubSub: PubSub,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    if (!servesApi(this.config)) return;
    const rung = this.pubSub.subscribe('agents.ring', ({ clusters }) => {
      for (const [clusterId, generation] of clusters) this.ring(BigInt(clusterId), generation);
    });
    const resync = this.pubSub.onResync(() => this.compareAll());
    const timer = setInterval(() => this.compareAll(), COMPARE_EVERY_MS).unref();
    this.ends.push(rung, resync, () => clearInterval(timer));
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }

  /** Rings at once with the generation that the hub is at, and again whenever that rises. */
  open(clusterId: bigint): Doorbell {
    const bells = this.byCluster.get(clusterId) ?? new Set();
    this.byCluster.set(clusterId, bells);
    const bell = new Doorbell(() => {
      bells.delete(bell);
      if (bells.size === 0 && this.byCluster.get(clusterId) === bells) this.byCluster.delete(clusterId);
    });
    bells.add(bell);
    // Registered before it is compared: a change in between rings twice, never not at all.
    this.compare([clusterId]);
    return bell;
  }

  private ring(clusterId: bigint, generation: number): void {
    for (const bell of this.byCluster.get(clusterId) ?? []) bell.ring(generation);
  }

  private found(clusterId: bigint, generation: number): void {
    for (const bell of this.byCluster.get(clusterId) ?? []) bell.compare(generation);
  }

  private compareAll(): void {
    this.compare(this.byCluster.keys());
  }

  /** Many that connect at once share one query: what arrives while one runs goes into the next. */
  private compare(clusterIds: Iterable<bigint>): void {
    for (const id of clusterIds) this.toCompare.add(id);
    if (this.isComparing) return;
    this.isComparing = true;
    setImmediate(() => void this.runCompare());
  }

  private async runCompare(): Promise<void> {
    while (this.toCompare.size > 0) {
      const ids = [...this.toCompare];
      this.toCompare.clear();
      try {
        for (const [id, generation] of await this.store.generations(ids)) this.found(id, Number(generation));
      } catch (error) {
        // Agents poll, and the next comparison comes by itself; to retry in a loop would only add to the trouble.
        this.log.warn('the generations of connected clusters could not be read', {
          clusters: ids.length,
          error,
        });
      }
    }
    this.isComparing = false;
  }
}
