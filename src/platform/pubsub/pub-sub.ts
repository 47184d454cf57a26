// Fan-out between replicas: ids only, no replay. A lost message is harmless, because receivers re-read.

/** Names and payloads of every topic; payloads are ids and generations, never data. */
export interface Topics {
  /** `[clusterId, generation]` pairs whose agents have something to fetch. */
  'agents.ring': { readonly clusters: readonly (readonly [string, number])[] };
  /** Close the sockets of these clusters, with a close code; where there is a `key`, those of agents with that key. */
  'agents.close': {
    readonly clusters: readonly string[];
    readonly code: number;
    readonly reason: string;
    readonly key?: string;
  };
  /** `[clusterId, epoch ms]`: when a newer session of that cluster began; sockets that were opened before are older ones'. */
  'agents.replaced': { readonly sessions: readonly (readonly [string, number])[] };
  /** Forget these tokens and close the sockets that they opened. */
  'api-tokens.revoked': { readonly tokenIds: readonly string[] };
  'instances.changed': { readonly instanceIds: readonly string[] };
  'clusters.changed': { readonly clusterIds: readonly string[] };
  'slots.changed': { readonly slots: readonly (readonly [string, string])[] };
  'promotions.changed': { readonly promotionIds: readonly string[] };
  /** Ids of drift: those that opened or changed, and those that ended. */
  'drift.changed': { readonly itemIds: readonly string[] };
  'activity.recorded': { readonly eventIds: readonly string[] };
  /** A process that relays nothing itself has committed notices. */
  'outbox.rung': { readonly by: string };
}

/** A topic's name. */
export type Topic = keyof Topics;

/** One per process; every replica's subscribers get every message, the publisher's own included. */
export abstract class PubSub {
  /** Splits what is too large for one message. Never throws for a lost connection: it logs, and receivers resync. */
  abstract publish<T extends Topic>(topic: T, payload: Topics[T]): Promise<void>;
  /** Returns the function that ends the subscription. */
  abstract subscribe<T extends Topic>(topic: T, listener: (payload: Topics[T]) => void): () => void;
  /** Runs after a connection was lost and is back: messages may be missing, so re-read what you follow. */
  abstract onResync(listener: () => void): () => void;
}
