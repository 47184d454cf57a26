// When each cluster's agent was heard last: kept in memory, written in one statement for all that changed.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import { SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { Log } from '../platform/logging/log.ts';
import { ClusterStore } from './cluster-store.ts';
import { isAgent } from './domain/agent-principal.ts';

const FLUSH_EVERY_MS = 10_000;

@Injectable()
export class LastSeen implements OnApplicationBootstrap, OnApplicationShutdown {
  private heard = new Map<bigint, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clusters: ClusterStore,
    private readonly sockets: SocketRegistry,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** A third of the time after which silence counts, so that two lost pings are no news. */
  get heartbeatMs(): number {
    return Math.ceil(this.config.staleAfterMs / 3);
  }

  onApplicationBootstrap(): void {
    this.sockets.onPing((principal) => {
      if (isAgent(principal)) this.note(principal.clusterId);
    });
    this.sockets.answerPings((principal) =>
      isAgent(principal) ? { nextPingMs: this.heartbeatMs } : undefined,
    );
    const everyMs = Math.min(FLUSH_EVERY_MS, this.heartbeatMs);
    this.timer = setInterval(() => void this.flush(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(clusterId: bigint): void {
    this.heard.set(clusterId, this.clock.now());
  }

  /** What could not be written is kept for the next time, unless newer by then. */
  async flush(): Promise<void> {
    if (this.heard.size === 0) return;
    const heard = this.heard;
    this.heard = new Map();
    try {
      await this.clusters.touch([...heard]);
    } catch (error) {
      this.heard = new Map([...heard, ...this.heard]);
      this.log.warn('when agents were heard last was not stored; it is tried again', {
        clusters: heard.size,
        error,
      });
    }
  }
}
