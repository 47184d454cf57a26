// Which commits a promotion brings, and how many a slot is behind.
import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { CommitType, toCommitType } from '../../releases/graphql/commit.type.ts';
import { ReleaseQueries } from '../../releases/release-queries.ts';
import type { Promotion } from '../domain/promotion.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import type { Slot, SlotKey } from '../promotion-store.ts';
import { PromotionLinks } from './promotion.links.ts';
import { PromotionType } from './promotion.type.ts';
import { SlotType } from './slot.type.ts';

type Range = Parameters<ReleaseQueries['commitPage']>[0];

const NEWEST = 2_147_483_647;

@Resolver(() => PromotionType)
export class PromotionCommitsResolver {
  constructor(
    private readonly links: PromotionLinks,
    private readonly reads: PromotionReadStore,
    private readonly releases: ReleaseQueries,
  ) {}

  @ResolveField(() => connectionOf(CommitType), {
    description:
      'What it brings since the release that ran there before, the newest first, with the commits of releases between them that never ran there. Empty where it goes back.',
  })
  async commits(
    @Parent() { source }: PromotionType,
    @Args() { first, after }: PageArgs,
    @Context() context: RequestContext,
  ): Promise<Connection<CommitType>> {
    const release = await this.links.release(context, source.releaseId);
    const before = await this.links.releaseOrNull(context, await this.releaseBefore(source, context));
    const range = {
      applicationId: source.applicationId,
      after: before?.number ?? 0,
      upTo: release.number,
    };
    const page = await this.releases.commitPage(range, first, decodeCursor(after, ['number', 'number']));
    return toConnection(
      page,
      { node: toCommitType, sortKey: ({ releaseNumber, position }) => [releaseNumber, position] },
      after,
    );
  }

  /** What it replaced when it started; what it would replace now where it has not. */
  private async releaseBefore(promotion: Promotion, context: RequestContext): Promise<bigint | null> {
    if (promotion.state !== 'PENDING') return promotion.previousReleaseId;
    const batch = async (keys: readonly SlotKey[]): Promise<(Slot | undefined)[]> => {
      const slots = await this.reads.slotsByKey(keys);
      return keys.map(({ applicationId, environmentId }) =>
        slots.find((slot) => slot.applicationId === applicationId && slot.environmentId === environmentId),
      );
    };
    const slot = await context
      .loader<SlotKey, Slot | undefined>('promotions.slots-of', batch)
      .load(promotion);
    return slot?.currentReleaseId ?? null;
  }
}

@Resolver(() => SlotType)
export class SlotCommitsResolver {
  constructor(
    private readonly links: PromotionLinks,
    private readonly releases: ReleaseQueries,
  ) {}

  @ResolveField(() => Int, {
    description: 'How many commits the releases hold that are newer than the one that runs here.',
  })
  async commitsBehind(@Parent() { source }: SlotType, @Context() context: RequestContext): Promise<number> {
    const current = await this.links.releaseOrNull(context, source.currentReleaseId);
    const batch = (ranges: readonly Range[]): Promise<number[]> => this.releases.commitCounts(ranges);
    return context
      .loader<Range, number>('promotions.commits-behind', batch)
      .load({ applicationId: source.applicationId, after: current?.number ?? 0, upTo: NEWEST });
  }
}
