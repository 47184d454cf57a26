// What drift belongs to, and what instances show of it; each is read once for a whole page.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DeliveryQueries } from '../../delivery/delivery-queries.ts';
import { InstanceType, toInstanceType } from '../../delivery/graphql/instance.type.ts';
import { connectionOf, PageArgs, type Connection } from '../../platform/graphql/connection.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { DriftQueries } from '../drift-queries.ts';
import { DriftExceptionType, toDriftExceptionType } from './drift-exception.type.ts';
import { itemConnection, itemPosition } from './drift-pages.ts';
import { DriftEpisodeType, DriftItemType } from './drift.type.ts';
import { loadInstance } from './drift.loaders.ts';

@Resolver(() => DriftItemType)
export class DriftItemFieldsResolver {
  constructor(
    private readonly delivery: DeliveryQueries,
    private readonly queries: DriftQueries,
  ) {}

  @ResolveField(() => InstanceType, { description: 'Of which instance.' })
  async instance(
    @Parent() { row }: DriftItemType,
    @Context() context: RequestContext,
  ): Promise<InstanceType> {
    return toInstanceType(await loadInstance(context, this.delivery, row.instanceId));
  }

  @ResolveField(() => Boolean, {
    description: 'Its cluster is not ONLINE: this is the last word, not the present, and its age goes on.',
  })
  async stale(@Parent() { row }: DriftItemType, @Context() context: RequestContext): Promise<boolean> {
    return (await loadInstance(context, this.delivery, row.instanceId)).stale;
  }

  @ResolveField(() => DriftExceptionType, { nullable: true, description: 'The exception that accepts it.' })
  async exception(
    @Parent() { row }: DriftItemType,
    @Context() context: RequestContext,
  ): Promise<DriftExceptionType | null> {
    if (row.exceptionId === null) return null;
    const loader = context.loader('drift exception', (ids: readonly bigint[]) =>
      this.queries.exceptionsByIds(ids),
    );
    const exception = await loader.load(row.exceptionId);
    return exception ? toDriftExceptionType(exception) : null;
  }
}

@Resolver(() => DriftEpisodeType)
export class DriftEpisodeFieldsResolver {
  constructor(private readonly delivery: DeliveryQueries) {}

  @ResolveField(() => InstanceType, { description: 'Of which instance.' })
  async instance(
    @Parent() { row }: DriftEpisodeType,
    @Context() context: RequestContext,
  ): Promise<InstanceType> {
    return toInstanceType(await loadInstance(context, this.delivery, row.instanceId));
  }
}

@Resolver(() => InstanceType)
export class InstanceDriftResolver {
  constructor(private readonly queries: DriftQueries) {}

  @ResolveField(() => connectionOf(DriftItemType), { description: 'Its open drift, newest first.' })
  async driftItems(
    @Parent() { row }: InstanceType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<DriftItemType>> {
    const request = { first, after: itemPosition(after) };
    return itemConnection(await this.queries.itemsOfInstance(row.id, request), after);
  }
}
