// The people's API of instances.
import { Args, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, type Connection } from '../../platform/graphql/connection.ts';
import { flatMapEvents } from '../../platform/graphql/map-events.ts';
import { payloadOf, type Payload } from '../../platform/graphql/payload.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { DeliveryCommands } from '../delivery-commands.ts';
import { DeliveryQueries } from '../delivery-queries.ts';
import { InstanceFeed } from '../instance-feed.ts';
import { FleetSummaryType, toFleetSummaryType } from './fleet-summary.type.ts';
import { InstanceFilterInput, instanceFilterArgument, toInstanceFilter } from './instance.inputs.ts';
import { InstanceType, toInstanceType } from './instance.type.ts';
import { InstancePages } from './instance-pages.ts';

const InstancePayload = payloadOf('InstancePayload', 'instance', InstanceType);
type InstancePayload = Payload<{ instance: typeof InstanceType }>;

const named = (what: string) => ({ type: () => String, description: `The name of the ${what}.` });

@Resolver(() => InstanceType)
export class InstanceResolver {
  constructor(
    private readonly queries: DeliveryQueries,
    private readonly commands: DeliveryCommands,
    private readonly pages: InstancePages,
    private readonly feed: InstanceFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => InstanceType, { nullable: true, description: 'One instance.' })
  async instance(
    @Args('application', named('application')) application: string,
    @Args('environment', named('environment')) environment: string,
    @Args('cluster', named('cluster')) cluster: string,
  ): Promise<InstanceType | null> {
    const instance = await this.queries.bySlotAndCluster(application, environment, cluster);
    return instance ? toInstanceType(instance) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(InstanceType), { description: 'Instances, those of one application together.' })
  instances(
    @Args(instanceFilterArgument) filter: InstanceFilterInput | null,
    @Args() page: PageArgs,
  ): Promise<Connection<InstanceType>> {
    return this.pages.of(toInstanceFilter(filter), page);
  }

  @Requires('VIEWER')
  @Query(() => FleetSummaryType, { description: 'How many instances there are, and how they are.' })
  async fleet(@Args(instanceFilterArgument) filter: InstanceFilterInput | null): Promise<FleetSummaryType> {
    return toFleetSummaryType(await this.queries.fleet(toInstanceFilter(filter)));
  }

  @Requires('OPERATOR')
  @Mutation(() => InstancePayload, {
    description:
      'Lets a prune go on that the guard holds back; refused where none waits for that generation.',
  })
  async approvePrune(
    @Args('instance', { type: () => ID, description: 'The id of the instance.' }) trackingId: string,
    @Args('generation', { type: () => Int, description: 'Of the assignment whose prune was looked at.' })
    generation: number,
    @Args('reason', { type: () => String, description: 'For activity.' }) reason: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<InstancePayload> {
    const approval = { trackingId, generation: BigInt(generation), reason, actor: caller.user };
    const result = await this.commands.approvePrune(approval);
    if (isRefusal(result)) return { refusal: result };
    const instance = await this.queries.byTrackingId(trackingId);
    return { instance: instance ? toInstanceType(instance) : null };
  }

  @Requires('VIEWER')
  @Subscription(() => InstanceType, {
    description: 'Each instance whose sync, health, release or drift changes from now on.',
  })
  instanceChanged(
    @Args(instanceFilterArgument) input: InstanceFilterInput | null,
  ): AsyncGenerator<{ instanceChanged: InstanceType }, void, void> {
    const filter = toInstanceFilter(input);
    return flatMapEvents(this.feed.messages(), async ({ instanceIds }) => {
      const instances = await this.queries.byIds(instanceIds.map(BigInt), filter);
      return instances.map((instance) => ({ instanceChanged: toInstanceType(instance) }));
    });
  }
}
