// Closes agents' sockets, on every replica: when a cluster is revoked, deleted or rebuilt, and when a newer session of
// it began.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOSE_REVOKED, CLOSE_SESSION_REPLACED } from '@fairlead/protocol/protocol-version';
import { SocketCheck } from '../platform/graphql/socket-check.ts';
import { SocketRegistry } from '../platform/graphql/socket-registry.ts';
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
    private readonly check: SocketCheck,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('agents.close', (message) => this.closeHere(message));
    this.pubSub.subscribe('agents.replaced', (message) => this.closeReplaced(message));
    this.check.add({
      matches: isAgent,
      findEnded: (agents) => this.clusters.findEnded(agents),
      forget: () => this.authenticator.forgetAll(),
      code: CLOSE_REVOKED,
      reason: 'the cluster was revoked, deleted or rebuilt elsewhere',
    });
  }

  /** Of clusters that are gone for good: an id is never used again. */
  closeDeleted(clusterIds: readonly bigint[]): Promise<void> {
    return this.close({ clusters: clusterIds.map(String), reason: 'the cluster was deleted' });
  }

  /**
   * Of an agent that may not speak for its cluster any more, as the cluster was before. Another agent may: one with
   * another key, who joins in its place and may be faster than this message.
   */
  closeFormer({ id, publicKey }: Pick<Cluster, 'id' | 'publicKey'>, reason: string): Promise<void> {
    return this.close({ clusters: [`${id}`], key: publicKey, reason });
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

  private async close(message: Omit<Topics['agents.close'], 'code'>): Promise<void> {
    await this.pubSub.publish('agents.close', { ...message, code: CLOSE_REVOKED });
  }

  private closeHere({ clusters, code, reason, key }: Topics['agents.close']): void {
    this.authenticator.forget(clusters.map(BigInt));
    const affected = new Set(clusters);
    this.registry.close(
      (principal) =>
        isAgent(principal) &&
        affected.has(`${principal.clusterId}`) &&
        (key === undefined || principal.publicKey === key),
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
