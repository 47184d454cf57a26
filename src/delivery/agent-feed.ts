// What agents ask of the hub: the assignments of their own cluster, and bundles that are assigned to it.
import { Injectable } from '@nestjs/common';
import type { AgentPrincipal } from '../clusters/domain/agent-principal.ts';
import { Log } from '../platform/logging/log.ts';
import { ReleaseQueries } from '../releases/release-queries.ts';
import {
  AgentFeedStore,
  type FeedDigest,
  type FeedPage,
  type FeedRow,
  type InstructionRow,
} from './agent-feed-store.ts';
import { effectiveSince, type FeedPosition } from './domain/agent-feed.ts';

/** What an agent has already, and where its next page begins. */
export interface FeedRequest {
  readonly since: bigint;
  readonly epoch: string | undefined;
  readonly first: number;
  /** Of the page before: `since` as it was decided then, so that all pages of one answer are of one kind. */
  readonly after: FeedPosition | undefined;
}

/** One page of assignments. */
export interface FeedAnswer {
  readonly epoch: string;
  readonly generation: bigint;
  /** All there is: what is not among the pages the hub does not know. */
  readonly complete: boolean;
  readonly healthRulesDigest: string | null;
  readonly rows: readonly FeedRow[];
  readonly hasNext: boolean;
  readonly since: bigint;
  readonly instructions: readonly InstructionRow[];
}

const MAX_INSTRUCTIONS = 100;

@Injectable()
export class AgentFeed {
  constructor(
    private readonly store: AgentFeedStore,
    private readonly releases: ReleaseQueries,
    private readonly log: Log,
  ) {}

  async assignments({ clusterId }: AgentPrincipal, request: FeedRequest): Promise<FeedAnswer> {
    const { since, page } = await this.page(clusterId, request);
    const hasNext = page.rows.length > request.first;
    return {
      epoch: page.epoch,
      generation: page.desiredGeneration,
      complete: since === 0n,
      healthRulesDigest: page.healthRulesDigest,
      rows: page.rows.slice(0, request.first),
      hasNext,
      since,
      // With the last page, so that an instruction never runs before the assignment that it belongs to is known.
      instructions: hasNext ? [] : await this.store.instructions(clusterId, MAX_INSTRUCTIONS),
    };
  }

  digest({ clusterId }: AgentPrincipal): Promise<FeedDigest> {
    return this.store.digest(clusterId);
  }

  /** The bundle's gzip; `undefined` where it is not assigned to the caller's cluster, which is not told apart from unknown. */
  async bundle(agent: AgentPrincipal, digest: string): Promise<Buffer | undefined> {
    if (!(await this.store.isAssigned(agent.clusterId, digest))) {
      this.log.warn('a bundle was asked for that is not assigned to the cluster', {
        cluster: agent.name,
        bundle: digest,
      });
      return undefined;
    }
    return this.releases.bundleContent(digest);
  }

  /** What the agent says is believed at first: that it comes from another history is rare, and then read again. */
  private async page(
    clusterId: bigint,
    request: FeedRequest,
  ): Promise<{ readonly since: bigint; readonly page: FeedPage }> {
    const size = request.first + 1;
    if (request.after)
      return { since: request.after.since, page: await this.store.page(clusterId, request.after, size) };
    const page = await this.store.page(clusterId, startAfter(request.since), size);
    const since = effectiveSince(request, page);
    if (since === request.since) return { since, page };
    return { since, page: await this.store.page(clusterId, startAfter(since), size) };
  }
}

const MAX_ID = 2n ** 63n - 1n;

/** After every instance of the generation that the agent has. */
function startAfter(since: bigint): FeedPosition {
  return { since, generation: since, instanceId: MAX_ID };
}
