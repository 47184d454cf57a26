// Holds of slots: shown, set and ended.
import { Args, Context, Field, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import { HoldCommands } from '../decisions/hold-commands.ts';
import { HoldStore, type Hold } from '../decisions/hold-store.ts';
import { slotId } from '../domain/slot-id.ts';
import type { SlotKey } from '../promotion-store.ts';
import { EndHoldArgs, HoldSlotArgs } from './slot.inputs.ts';
import { SlotType, toSlotType } from './slot.type.ts';

@ObjectType('Hold', { description: 'Why nothing but rollbacks and hotfixes starts in a slot.' })
export class HoldType implements Hold {
  @Field(() => String, { description: 'What was given as reason, or which failure set it.' })
  reason!: string;

  @Field(() => String, { description: 'A user, or `fairlead` after a failure.' })
  createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: until a person ends it.' })
  until!: Date | null;
}

const SlotPayload = payloadOf('SlotPayload', 'slot', SlotType);
type SlotPayload = Payload<{ slot: typeof SlotType }>;

@Resolver(() => SlotType)
export class HoldResolver {
  constructor(
    private readonly commands: HoldCommands,
    private readonly holds: HoldStore,
  ) {}

  @ResolveField(() => HoldType, { nullable: true, description: 'Set while it is held.' })
  async hold(@Parent() { source }: SlotType, @Context() context: RequestContext): Promise<HoldType | null> {
    const batch = async (slots: readonly SlotKey[]): Promise<(Hold | null)[]> => {
      const holds = await this.holds.holdsOf(slots);
      return slots.map((slot) => holds.get(slotId(slot)) ?? null);
    };
    return context.loader<SlotKey, Hold | null>('promotions.holds', batch).load(source);
  }

  @Requires('OPERATOR')
  @Mutation(() => SlotPayload, {
    description: 'Lets nothing start here but rollbacks and hotfixes, and no further wave begin.',
  })
  async holdSlot(
    @Args() { application, environment, reason, until }: HoldSlotArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SlotPayload> {
    const result = await this.commands.hold(
      { application, environment, reason, until: until ?? null },
      caller,
    );
    return toPayload(result, (slot) => ({ slot: toSlotType(slot) }));
  }

  @Requires('OPERATOR')
  @Mutation(() => SlotPayload, { description: "Ends a hold, a person's or one that a failure set." })
  async endHold(
    @Args() { application, environment, reason }: EndHoldArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SlotPayload> {
    const result = await this.commands.end({ application, environment, reason: reason ?? undefined }, caller);
    return toPayload(result, (slot) => ({ slot: toSlotType(slot) }));
  }
}
