// What an agent is owed: everything since the generation that it has, or everything there is.

/** Where a page of assignments begins: after this (generation, instance). */
export interface FeedPosition {
  readonly since: bigint;
  readonly generation: bigint;
  readonly instanceId: bigint;
}

/** What the hub knows when an agent asks. */
export interface FeedFacts {
  readonly epoch: string;
  readonly desiredGeneration: bigint;
  /** Of the hub's own health rules; null where there are none. */
  readonly healthRulesDigest: string | null;
}

/**
 * The generation after which changes are sent; 0: all of them, and what is not among them the hub does not know.
 * An agent that is ahead of the hub, or comes from another database, has seen a history that this hub has not.
 */
export function effectiveSince(
  { since, epoch }: { readonly since: bigint; readonly epoch: string | undefined },
  hub: Pick<FeedFacts, 'epoch' | 'desiredGeneration'>,
): bigint {
  const otherHistory = since > hub.desiredGeneration || (epoch !== undefined && epoch !== hub.epoch);
  return otherHistory || since < 0n ? 0n : since;
}
