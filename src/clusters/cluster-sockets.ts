// Closes agents' sockets, on every replica: when a cluster is revoked, and when a newer session of it began.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOSE_SESSION_REPLACED } from '@fairlead/protocol/protocol-version';
import { Clock } from '../platform/clock.ts';
import { SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { PubSub, type Topics } from '../platform/pubsub/pub-sub.ts';
import { AgentAuthenticator } from './agent-authenticator.ts';
import { isAgent, type AgentPrincipal } from './domain/agent-principal.ts';

@Injectable()
export class ClusterSockets implements OnModuleInit {
  /** Sockets over which a hello came: their session began with it, not when they were opened. */
  private readonly sessionBeganMs = new WeakMap<AgentPrincipal, number>();

  constructor(
    private readonly registry: SocketRegistry,
    private readonly authenticator: AgentAuthenticator,
    private readonly pubSub: PubSub,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('agents.close', (message) => this.closeHere(message));
    this.pubSub.onResync(() => this.authenticator.forget());
  }

  /** All sockets of these clusters. */
  async close(clusterIds: readonly bigint[], code: number, reason: string): Promise<void> {
    await this.pubSub.publish('agents.close', { clusters: clusterIds.map(String), code, reason });
  }

  /** Every socket of the caller's cluster that is older than this moment, except the one that the caller speaks over. */
  beginSession(caller: AgentPrincipal): (session: bigint) => Promise<void> {
    const openedBeforeMs = this.clock.now().getTime();
    return async (session) => {
      this.sessionBeganMs.set(caller, openedBeforeMs);
      await this.pubSub.publish('agents.close', {
        clusters: [`${caller.clusterId}`],
        code: CLOSE_SESSION_REPLACED,
        reason: `session ${session} of this cluster began`,
        openedBeforeMs,
      });
    };
  }

  private closeHere({ clusters, code, reason, openedBeforeMs = Infinity }: Topics['agents.close']): void {
    this.authenticator.forget();
    const affected = new Set(clusters);
    this.registry.close(
      (principal) =>
        isAgent(principal) &&
        affected.has(`${principal.clusterId}`) &&
        this.beganMs(principal) < openedBeforeMs,
      code,
      reason,
    );
  }

  private beganMs(principal: AgentPrincipal): number {
    return this.sessionBeganMs.get(principal) ?? principal.authenticatedAtMs;
  }
}
