// Closes agents' sockets, on every replica: when a cluster is revoked, and when a newer session of it began.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOSE_REVOKED, CLOSE_SESSION_REPLACED } from '@fairlead/protocol/protocol-version';
import { SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { Log } from '../platform/logging/log.ts';
import { PubSub, type Topics } from '../platform/pubsub/pub-sub.ts';
import { AgentAuthenticator } from './agent-authenticator.ts';
import { ClusterStore } from './cluster-store.ts';
import { isAgent, type AgentPrincipal } from './domain/agent-principal.ts';
import type { Cluster } from './domain/cluster.ts';

/** A session, by the hello that it began with. */
export interface BegunSession {
  readonly caller: AgentPrincipal;
  /** Epoch ms. */
  readonly beganMs: number;
}

@Injectable()
export class ClusterSockets implements OnModuleInit {
  /** Sockets over which a hello came: their session began with it, not when they were opened. */
  private readonly sessionBeganMs = new WeakMap<AgentPrincipal, number>();

  constructor(
    private readonly registry: SocketRegistry,
    private readonly authenticator: AgentAuthenticator,
    private readonly pubSub: PubSub,
    private readonly clusters: ClusterStore,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('agents.close', (message) => this.closeHere(message));
    this.pubSub.subscribe('agents.replaced', (message) => this.closeReplaced(message));
    this.pubSub.onResync(() => void this.recheck());
  }

  /** All sockets of these clusters, which were revoked or deleted. */
  async closeRevoked(clusterIds: readonly bigint[], reason: string): Promise<void> {
    await this.pubSub.publish('agents.close', {
      clusters: clusterIds.map(String),
      code: CLOSE_REVOKED,
      reason,
    });
  }

  /** Those of the cluster that was there before; the new one's agent may be faster than this message. */
  async closeRebuilt({ id, name }: Pick<Cluster, 'id' | 'name'>, newKey: string): Promise<void> {
    await this.pubSub.publish('agents.close', {
      clusters: [`${id}`],
      code: CLOSE_REVOKED,
      reason: `"${name}" was rebuilt elsewhere`,
      sparedKey: newKey,
    });
  }

  /**
   * Every socket of these callers' clusters that is older than the caller's hello, except the one that the caller
   * speaks over. One message for all; of several hellos of one cluster the last counts.
   */
  async closeOlder(begun: readonly BegunSession[]): Promise<void> {
    for (const { caller, beganMs } of begun) this.sessionBeganMs.set(caller, beganMs);
    await this.pubSub.publish('agents.replaced', {
      sessions: begun.map(({ caller, beganMs }) => [`${caller.clusterId}`, beganMs]),
    });
  }

  /** Messages may have been lost: whoever was revoked, deleted or rebuilt meanwhile is found by asking. */
  private async recheck(): Promise<void> {
    this.authenticator.forgetAll();
    const clusterIds = new Set<bigint>();
    this.registry.count((principal) => {
      if (isAgent(principal)) clusterIds.add(principal.clusterId);
      return false;
    });
    try {
      const found = await this.clusters.findByIds([...clusterIds]);
      const good = found.filter(({ revokedAt }) => !revokedAt);
      const keys = new Map(good.map(({ id, publicKey }) => [id, publicKey]));
      this.registry.close(
        (principal) =>
          isAgent(principal) &&
          clusterIds.has(principal.clusterId) &&
          keys.get(principal.clusterId) !== principal.publicKey,
        CLOSE_REVOKED,
        'the cluster was revoked, deleted or rebuilt elsewhere',
      );
    } catch (error) {
      this.log.warn('agents’ sockets could not be checked after the fan-out was away', { error });
    }
  }

  private closeHere({ clusters, code, reason, sparedKey }: Topics['agents.close']): void {
    this.authenticator.forget(clusters.map(BigInt));
    const affected = new Set(clusters);
    this.registry.close(
      (principal) =>
        isAgent(principal) && affected.has(`${principal.clusterId}`) && principal.publicKey !== sparedKey,
      code,
      reason,
    );
  }

  private closeReplaced({ sessions }: Topics['agents.replaced']): void {
    const beganMs = new Map(sessions.map(([cluster, began]) => [BigInt(cluster), began]));
    // What a session begins with is what the database says of its credential now.
    this.authenticator.forget([...beganMs.keys()]);
    this.registry.close(
      (principal) =>
        isAgent(principal) && this.beganMs(principal) < (beganMs.get(principal.clusterId) ?? -Infinity),
      CLOSE_SESSION_REPLACED,
      'a newer session of this cluster began',
    );
  }

  private beganMs(principal: AgentPrincipal): number {
    return this.sessionBeganMs.get(principal) ?? principal.authenticatedAtMs;
  }
}
