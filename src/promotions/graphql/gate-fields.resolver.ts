// The gates and approvals of a promotion, one read for all promotions of a request.
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import type { Promotion } from '../domain/promotion.ts';
import { PromotionGates, type ShownGates } from '../promotion-gates.ts';
import { ApprovalType, GateResultType, toApprovalType, toGateResultType } from './gate-result.type.ts';
import { PromotionLinks } from './promotion.links.ts';
import { PromotionType } from './promotion.type.ts';

@Resolver(() => PromotionType)
export class GateFieldsResolver {
  constructor(
    private readonly shown: PromotionGates,
    private readonly links: PromotionLinks,
  ) {}

  @ResolveField(() => [GateResultType], {
    description:
      'What lets it start, or does not: the same answer as the start check. Once it has ended: what was said last.',
  })
  async gates(
    @Parent() promotion: PromotionType,
    @Context() context: RequestContext,
  ): Promise<GateResultType[]> {
    return (await this.load(promotion, context)).gates.map(toGateResultType);
  }

  @ResolveField(() => [ApprovalType], {
    description: 'Who approved it, also where that does not count any more.',
  })
  async approvals(
    @Parent() promotion: PromotionType,
    @Context() context: RequestContext,
  ): Promise<ApprovalType[]> {
    return (await this.load(promotion, context)).approvals.map(toApprovalType);
  }

  @ResolveField(() => PromotionType, {
    nullable: true,
    description: 'The one that ended, and of which this is another try.',
  })
  retryOf(
    @Parent() { source }: PromotionType,
    @Context() context: RequestContext,
  ): Promise<PromotionType | null> {
    return this.links.promotionOrNull(context, source.retryOfId);
  }

  private load({ source }: PromotionType, context: RequestContext): Promise<ShownGates> {
    const batch = (promotions: readonly Promotion[]): Promise<ShownGates[]> => this.shown.of(promotions);
    return context.loader<Promotion, ShownGates>('promotions.gates', batch).load(source);
  }
}
