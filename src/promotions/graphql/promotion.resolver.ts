// The people's API of promotions: bring on, roll back, look, follow.
import { Args, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { mapEvents } from '../../platform/graphql/map-events.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import { toPayload } from '../../platform/graphql/payload.ts';
import { PromotionCommands } from '../promotion-commands.ts';
import { PromotionFeed } from '../promotion-feed.ts';
import { RollbackCommands } from '../rollback-commands.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import { PromoteInput, PromotionFilterInput, RollbackArgs, toFilter } from './promotion.inputs.ts';
import { PromotionPayload } from './promotion.payload.ts';
import { PromotionType } from './promotion.type.ts';
import { toPromotionType } from './to-promotion-type.ts';

const filterArgument = {
  name: 'filter',
  type: () => PromotionFilterInput,
  nullable: true,
  description: 'Which promotions; absent: all.',
};

@Resolver(() => PromotionType)
export class PromotionResolver {
  constructor(
    private readonly commands: PromotionCommands,
    private readonly rollbacks: RollbackCommands,
    private readonly reads: PromotionReadStore,
    private readonly feed: PromotionFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => PromotionType, { nullable: true, description: 'One promotion.' })
  async promotion(
    @Args('id', { type: () => ID, description: 'As a query answered it.' }) id: string,
  ): Promise<PromotionType | null> {
    const [promotion] = await this.reads.promotionsById([decodeId('promotion', id)]);
    return promotion ? toPromotionType(promotion) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(PromotionType), { description: 'Promotions, the newest first.' })
  async promotions(
    @Args(filterArgument) filter: PromotionFilterInput | null,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<PromotionType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.reads.promotions(toFilter(filter), { first, after: afterId });
    return toConnection(page, { node: toPromotionType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('OPERATOR')
  @Mutation(() => PromotionPayload, {
    description: 'Makes a promotion; it waits for its gates and then starts by itself.',
  })
  async promote(
    @Args('input', { type: () => PromoteInput, description: 'What is to be brought where.' })
    input: PromoteInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    const result = await this.commands.promote({
      application: input.application,
      environment: input.environment,
      release: input.release,
      intent: input.intent ?? 'FORWARD',
      reason: input.reason ?? undefined,
      idempotencyKey: input.idempotencyKey ?? undefined,
      requestedBy: caller.user,
    });
    return toPayload(result, (promotion) => ({ promotion: toPromotionType(promotion) }));
  }

  @Requires('OPERATOR')
  @Mutation(() => PromotionPayload, {
    description: 'Cancels what rolls in the slot and returns it to a release that ran there; starts at once.',
  })
  async rollback(
    @Args() args: RollbackArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    const result = await this.rollbacks.rollback({
      application: args.application,
      environment: args.environment,
      reason: args.reason,
      toRelease: args.toRelease ?? undefined,
      idempotencyKey: args.idempotencyKey ?? undefined,
      requestedBy: caller.user,
    });
    return toPayload(result, (promotion) => ({ promotion: toPromotionType(promotion) }));
  }

  @Requires('VIEWER')
  @Subscription(() => PromotionType, { description: 'Each promotion that changes from now on.' })
  promotionChanged(
    @Args(filterArgument) filter: PromotionFilterInput | null,
  ): AsyncGenerator<{ promotionChanged: PromotionType }, void, void> {
    return mapEvents(this.feed.promotions(toFilter(filter)), (promotion) => ({
      promotionChanged: toPromotionType(promotion),
    }));
  }
}
