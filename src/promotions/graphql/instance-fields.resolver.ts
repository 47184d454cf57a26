// What promotions add to other features' things: an instance's reasons, an application's slots, a release's promotions.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApplicationType } from '../../applications/graphql/application.type.ts';
import { ClusterQueries } from '../../clusters/cluster-queries.ts';
import { InstanceType } from '../../delivery/graphql/instance.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { ReleaseType } from '../../releases/graphql/release.type.ts';
import { explainInstance, instanceWaits } from '../domain/explain-instance.ts';
import type { Wait } from '../domain/wait.ts';
import { toInstanceFacts } from '../instance-facts.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import { PromotionLinks } from './promotion.links.ts';
import { PromotionType } from './promotion.type.ts';
import { SlotExplanations } from './slot-explanations.ts';
import { SlotType, toSlotType } from './slot.type.ts';
import { toPromotionType } from './to-promotion-type.ts';
import { WaitType } from './wait.type.ts';

@Resolver(() => InstanceType)
export class InstanceFieldsResolver {
  constructor(
    private readonly links: PromotionLinks,
    private readonly clusters: ClusterQueries,
    private readonly explanations: SlotExplanations,
  ) {}

  @ResolveField(() => PromotionType, {
    nullable: true,
    description: 'The promotion that brought its release.',
  })
  promotion(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<PromotionType | null> {
    return this.links.promotionOrNull(context, row.promotionId);
  }

  @ResolveField(() => [WaitType], { description: 'Why it is not synced and healthy on the newest release.' })
  async waitingOn(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<readonly Wait[]> {
    const slot = await this.explanations.load(context, row);
    return [...instanceWaits(this.facts(row)), ...slot.waits];
  }

  @ResolveField(() => [String], { description: 'What it runs, and the same reasons, in sentences.' })
  async explanation(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<readonly string[]> {
    const slot = await this.explanations.load(context, row);
    const facts = this.facts(row);
    return explainInstance(facts, [...instanceWaits(facts), ...slot.waits]);
  }

  private facts(row: InstanceType['row']) {
    return toInstanceFacts(row, this.clusters.connectionState(row));
  }
}

@Resolver(() => ApplicationType)
export class ApplicationSlotsResolver {
  constructor(private readonly reads: PromotionReadStore) {}

  @ResolveField(() => connectionOf(SlotType), {
    description: 'Its environments, in the order in which they came to be.',
  })
  async slots(
    @Parent() { name }: ApplicationType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<SlotType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.reads.slots({ application: name }, { first, after: afterId });
    return toConnection(page, { node: toSlotType, sortKey: ({ id }) => [id] }, after);
  }
}

@Resolver(() => ReleaseType)
export class ReleasePromotionsResolver {
  constructor(private readonly reads: PromotionReadStore) {}

  @ResolveField(() => connectionOf(PromotionType), { description: 'Its promotions, the newest first.' })
  async promotions(
    @Parent() { row }: ReleaseType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<PromotionType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.reads.promotionsOfRelease(row.id, { first, after: afterId });
    return toConnection(page, { node: toPromotionType, sortKey: ({ id }) => [id] }, after);
  }
}
