// The fields of a promotion that lead elsewhere or are computed, each through a loader.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ActivityQueries } from '../../activity/activity-queries.ts';
import { EventType } from '../../activity/graphql/event.type.ts';
import { toEventType } from '../../activity/graphql/to-event-type.ts';
import { ApplicationType } from '../../applications/graphql/application.type.ts';
import { EnvironmentType } from '../../environments/graphql/environment.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { ReleaseType } from '../../releases/graphql/release.type.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { Wait } from '../domain/wait.ts';
import { PromotionExplanations, type Explanation } from '../promotion-explanations.ts';
import { PromotionReadStore, type WaveRow } from '../promotion-read-store.ts';
import { PromotionLinks } from './promotion.links.ts';
import { PromotionType, WaveType } from './promotion.type.ts';
import { toWaveType } from './to-promotion-type.ts';
import { WaitType } from './wait.type.ts';

@Resolver(() => PromotionType)
export class PromotionFieldsResolver {
  constructor(
    private readonly links: PromotionLinks,
    private readonly reads: PromotionReadStore,
    private readonly explanations: PromotionExplanations,
    private readonly activity: ActivityQueries,
  ) {}

  @ResolveField(() => ApplicationType, { description: 'What is promoted.' })
  application(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<ApplicationType> {
    return this.links.application(context, source.applicationId);
  }

  @ResolveField(() => EnvironmentType, { description: 'Where it goes.' })
  environment(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<EnvironmentType> {
    return this.links.environment(context, source.environmentId);
  }

  @ResolveField(() => ReleaseType, { description: 'The release that moves.' })
  release(@Parent() { source }: PromotionType, @Context() context: RequestContext): Promise<ReleaseType> {
    return this.links.release(context, source.releaseId);
  }

  @ResolveField(() => ReleaseType, { nullable: true, description: 'What ran there when it started.' })
  previousRelease(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    return this.links.releaseOrNull(context, source.previousReleaseId);
  }

  @ResolveField(() => PromotionType, {
    nullable: true,
    description: 'Set for a rollback: what it rolled back.',
  })
  rollbackOf(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<PromotionType | null> {
    return this.links.promotionOrNull(context, source.rollbackOfId);
  }

  @ResolveField(() => PromotionType, { nullable: true, description: 'The newer one that took its place.' })
  supersededBy(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<PromotionType | null> {
    return this.links.promotionOrNull(context, source.supersededById);
  }

  @ResolveField(() => [WaitType], { description: 'Why it is not moving; empty when it is over.' })
  async waitingOn(
    @Parent() promotion: PromotionType,
    @Context() context: RequestContext,
  ): Promise<readonly Wait[]> {
    return (await this.explained(promotion, context)).waits;
  }

  @ResolveField(() => [String], { description: 'The same in sentences, and how it ended.' })
  async explanation(
    @Parent() promotion: PromotionType,
    @Context() context: RequestContext,
  ): Promise<readonly string[]> {
    return (await this.explained(promotion, context)).sentences;
  }

  @ResolveField(() => [WaveType], { description: 'Its groups of clusters, in order.' })
  async waves(@Parent() { source }: PromotionType, @Context() context: RequestContext): Promise<WaveType[]> {
    const batch = async (ids: readonly bigint[]): Promise<WaveRow[][]> => {
      const waves = await this.reads.wavesOf(ids);
      return ids.map((id) => waves.filter((wave) => wave.promotionId === id));
    };
    const waves = await context.loader<bigint, WaveRow[]>('promotions.waves', batch).load(source.id);
    return waves.map(toWaveType);
  }

  @ResolveField(() => connectionOf(EventType), { description: 'What happened to it, newest first.' })
  async events(
    @Parent() { source }: PromotionType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<EventType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.activity.list({ promotionId: source.id }, { first, after: afterId });
    return toConnection(page, { node: toEventType, sortKey: ({ id }) => [id] }, after);
  }

  private explained({ source }: PromotionType, context: RequestContext): Promise<Explanation> {
    const batch = (promotions: readonly Promotion[]): Promise<Explanation[]> =>
      this.explanations.ofPromotions(promotions);
    return context.loader<Promotion, Explanation>('promotions.explanations', batch).load(source);
  }
}
