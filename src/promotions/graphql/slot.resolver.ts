// The people's API of slots.
import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { mapEvents } from '../../platform/graphql/map-events.ts';
import { PromotionFeed } from '../promotion-feed.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import { SlotFilterArgs, SlotListArgs, SlotNamesArgs, toSlotFilter } from './slot.inputs.ts';
import { SlotType, toSlotType } from './slot.type.ts';

@Resolver(() => SlotType)
export class SlotResolver {
  constructor(
    private readonly reads: PromotionReadStore,
    private readonly feed: PromotionFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => SlotType, {
    nullable: true,
    description: 'One slot; null where application or environment is unknown.',
  })
  async slot(@Args() { application, environment }: SlotNamesArgs): Promise<SlotType | null> {
    const slot = await this.reads.slotByNames(application, environment);
    return slot ? toSlotType(slot) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(SlotType), { description: 'Slots, in the order in which they came to be.' })
  async slots(
    @Args() filter: SlotListArgs,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<SlotType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.reads.slots(toSlotFilter(filter), { first, after: afterId });
    return toConnection(page, { node: toSlotType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('VIEWER')
  @Subscription(() => SlotType, { description: 'Each slot in which something changes from now on.' })
  slotChanged(@Args() filter: SlotFilterArgs): AsyncGenerator<{ slotChanged: SlotType }, void, void> {
    return mapEvents(this.feed.slots(toSlotFilter(filter)), (slot) => ({ slotChanged: toSlotType(slot) }));
  }
}
