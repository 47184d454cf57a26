// When each cluster's agent was heard last: kept in memory, written in one statement for all that changed. And that
// this replica hears agents at all.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config, servesApi } from '../platform/config/config.ts';
import { SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { Log, type LogFields } from '../platform/logging/log.ts';
import { ClusterStore } from './cluster-store.ts';
import { Hearing, hearingIntervalMs } from './hearing-port.ts';
import { isAgent } from './domain/agent-principal.ts';

@Injectable()
export class LastSeen implements OnApplicationBootstrap, OnApplicationShutdown {
  private heard = new Map<bigint, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clusters: ClusterStore,
    private readonly hearing: Hearing,
    private readonly sockets: SocketRegistry,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** A third of the time after which silence counts, so that two lost pings are no news. */
  get heartbeatMs(): number {
    return Math.ceil(this.config.staleAfterMs / 3);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!servesApi(this.config)) return;
    this.sockets.onPing((principal) => {
      if (isAgent(principal)) this.note(principal.clusterId);
    });
    this.sockets.answerPings((principal) =>
      isAgent(principal) ? { nextPingMs: this.heartbeatMs } : undefined,
    );
    await this.say();
    this.timer = setInterval(() => void this.say(), hearingIntervalMs(this.config)).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(clusterId: bigint): void {
    this.heard.set(clusterId, this.clock.now());
  }

  private async say(): Promise<void> {
    // After the flush: silence never counts before what was heard is stored.
    if (!(await this.flush())) return;
    await this.hearing
      .note()
      .catch((error: unknown) => this.notStored('that this replica hears agents', { error }));
  }

  private notStored(what: string, fields: LogFields): void {
    this.log.warn(`${what} was not stored; it is tried again`, fields);
  }

  /** Whether all is stored. What could not be written is kept for the next time, unless newer by then. */
  private async flush(): Promise<boolean> {
    if (this.heard.size === 0) return true;
    const heard = this.heard;
    this.heard = new Map();
    try {
      await this.clusters.touch([...heard]);
      return true;
    } catch (error) {
      this.heard = new Map([...heard, ...this.heard]);
      this.notStored('when agents were heard last', { clusters: heard.size, error });
      return false;
    }
  }
}
