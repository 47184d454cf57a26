// The fields of a slot that lead elsewhere or are computed, each through a loader.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApplicationType } from '../../applications/graphql/application.type.ts';
import { DeliveryQueries } from '../../delivery/delivery-queries.ts';
import type { FleetSummary } from '../../delivery/domain/fleet-summary.ts';
import { FleetSummaryType, toFleetSummaryType } from '../../delivery/graphql/fleet-summary.type.ts';
import { EnvironmentType } from '../../environments/graphql/environment.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { ReleaseType } from '../../releases/graphql/release.type.ts';
import type { Wait } from '../domain/wait.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import type { SlotKey } from '../promotion-store.ts';
import { PromotionLinks } from './promotion.links.ts';
import { PromotionType } from './promotion.type.ts';
import { SlotExplanations } from './slot-explanations.ts';
import { SlotType } from './slot.type.ts';
import { toPromotionType } from './to-promotion-type.ts';
import { WaitType } from './wait.type.ts';

@Resolver(() => SlotType)
export class SlotFieldsResolver {
  constructor(
    private readonly links: PromotionLinks,
    private readonly reads: PromotionReadStore,
    private readonly explanations: SlotExplanations,
    private readonly delivery: DeliveryQueries,
  ) {}

  @ResolveField(() => ApplicationType, { description: 'The application.' })
  application(@Parent() { source }: SlotType, @Context() context: RequestContext): Promise<ApplicationType> {
    return this.links.application(context, source.applicationId);
  }

  @ResolveField(() => EnvironmentType, { description: 'The environment.' })
  environment(@Parent() { source }: SlotType, @Context() context: RequestContext): Promise<EnvironmentType> {
    return this.links.environment(context, source.environmentId);
  }

  @ResolveField(() => ReleaseType, { nullable: true, description: 'What runs here, or is being rolled out.' })
  currentRelease(
    @Parent() { source }: SlotType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    return this.links.releaseOrNull(context, source.currentReleaseId);
  }

  @ResolveField(() => ReleaseType, { nullable: true, description: 'What was last verified here.' })
  verifiedRelease(
    @Parent() { source }: SlotType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    return this.links.releaseOrNull(context, source.verifiedReleaseId);
  }

  @ResolveField(() => PromotionType, { nullable: true, description: 'What holds the slot now.' })
  running(@Parent() { source }: SlotType, @Context() context: RequestContext): Promise<PromotionType | null> {
    return this.links.promotionOrNull(context, source.currentPromotionId);
  }

  @ResolveField(() => connectionOf(PromotionType), { description: 'What waits to enter, oldest first.' })
  async pending(
    @Parent() { source }: SlotType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<PromotionType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.reads.pendingOf(source, { first, after: afterId });
    return toConnection(page, { node: toPromotionType, sortKey: ({ id }) => [id] }, after);
  }

  @ResolveField(() => FleetSummaryType, { description: 'Its instances, counted.' })
  async summary(
    @Parent() { source }: SlotType,
    @Context() context: RequestContext,
  ): Promise<FleetSummaryType> {
    const batch = (slots: readonly SlotKey[]): Promise<FleetSummary[]> => this.delivery.slotSummaries(slots);
    const loader = context.loader<SlotKey, FleetSummary>('promotions.slot-summaries', batch);
    return toFleetSummaryType(await loader.load(source));
  }

  @ResolveField(() => [WaitType], {
    description: 'Why the newest release does not run here; empty when it does.',
  })
  async waitingOn(
    @Parent() { source }: SlotType,
    @Context() context: RequestContext,
  ): Promise<readonly Wait[]> {
    return (await this.explanations.load(context, source)).waits;
  }

  @ResolveField(() => [String], { description: 'What runs, and the same reasons, in sentences.' })
  async explanation(
    @Parent() { source }: SlotType,
    @Context() context: RequestContext,
  ): Promise<readonly string[]> {
    return (await this.explanations.load(context, source)).sentences;
  }
}
