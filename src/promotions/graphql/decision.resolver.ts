// What people decide about promotions: approve, reject, pause, resume, cancel, try again, override.
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import { toPayload } from '../../platform/graphql/payload.ts';
import { ApprovalCommands } from '../decisions/approval-commands.ts';
import { CancelCommands } from '../decisions/cancel-commands.ts';
import { PauseCommands } from '../decisions/pause-commands.ts';
import type { Promotion } from '../domain/promotion.ts';
import { PromotionCommands } from '../promotion-commands.ts';
import { ApproveArgs, CancelArgs, DecisionArgs, OverrideGateArgs } from './decision.inputs.ts';
import { PromotionPayload } from './promotion.payload.ts';
import { PromotionType } from './promotion.type.ts';
import { toPromotionType } from './to-promotion-type.ts';

const idArgument = { name: 'id', type: () => ID, description: 'The promotion.' };

@Requires('OPERATOR')
@Resolver(() => PromotionType)
export class DecisionResolver {
  constructor(
    private readonly approvals: ApprovalCommands,
    private readonly pauses: PauseCommands,
    private readonly cancels: CancelCommands,
    private readonly promotions: PromotionCommands,
  ) {}

  @Mutation(() => PromotionPayload, {
    description: 'Consents to a promotion. The refusal says what is missing; approving twice counts once.',
  })
  async approvePromotion(
    @Args() { id, gate, comment }: ApproveArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    const asked = { gate: gate ?? undefined, comment: comment ?? undefined };
    return answer(await this.approvals.approve(promotionId(id), asked, caller));
  }

  @Mutation(() => PromotionPayload, { description: 'Ends a promotion that waits: it will not start.' })
  async rejectPromotion(
    @Args() { id, reason }: DecisionArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.pauses.reject(promotionId(id), reason, caller));
  }

  @Mutation(() => PromotionPayload, {
    description: 'Stops a rollout where it is. To stop promotions that wait, hold the slot.',
  })
  async pausePromotion(
    @Args() { id, reason }: DecisionArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.pauses.pause(promotionId(id), reason, caller));
  }

  @Mutation(() => PromotionPayload, {
    description:
      'Lets a paused rollout go on; what paused it without a person, such as a freeze, ends by itself.',
  })
  async resumePromotion(
    @Args(idArgument) id: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.pauses.resume(promotionId(id), caller));
  }

  @Mutation(() => PromotionPayload, {
    description: 'Ends a promotion: what has moved stays as it is, or goes back to what ran before.',
  })
  async cancelPromotion(
    @Args() { id, reason, revert }: CancelArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.cancels.cancel(promotionId(id), { reason, revert: revert ?? false }, caller));
  }

  @Mutation(() => PromotionPayload, { description: 'A new promotion of one that ended without success.' })
  async retryPromotion(
    @Args(idArgument) id: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.promotions.retry(promotionId(id), caller.user));
  }

  @Mutation(() => PromotionPayload, {
    description: 'Passes over one gate of one promotion, for good and on record. Consents need an ADMIN.',
  })
  async overrideGate(
    @Args() { promotion, gate, reason }: OverrideGateArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<PromotionPayload> {
    return answer(await this.approvals.override(promotionId(promotion), { gate, reason }, caller));
  }
}

function promotionId(id: string): bigint {
  return decodeId('promotion', id);
}

function answer(
  result: Parameters<typeof toPayload<Promotion, { promotion: PromotionType }>>[0],
): PromotionPayload {
  return toPayload(result, (promotion) => ({ promotion: toPromotionType(promotion) }));
}
