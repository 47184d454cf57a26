// The fields of waves and targets that lead elsewhere.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ClusterType } from '../../clusters/graphql/cluster.type.ts';
import {
  connectionOf,
  PageArgs,
  pageOf,
  toConnection,
  type Connection,
  type Page,
} from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { PromotionReadStore, type PageRequest, type TargetRow } from '../promotion-read-store.ts';
import { TargetsArgs } from './promotion.inputs.ts';
import { PromotionLinks } from './promotion.links.ts';
import { TargetType, WaveType } from './promotion.type.ts';
import { toTargetType } from './to-promotion-type.ts';

@Resolver(() => WaveType)
export class WaveResolver {
  constructor(private readonly reads: PromotionReadStore) {}

  @ResolveField(() => connectionOf(TargetType), { description: 'Its clusters.' })
  async targets(
    @Parent() { source, planned }: WaveType,
    @Args() { state }: TargetsArgs,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<TargetType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const request = { first, after: afterId };
    const page = planned
      ? plannedPage(planned, state ?? undefined, request)
      : await this.reads.targetsOf(source.id, state ?? undefined, request);
    return toConnection(page, { node: toTargetType, sortKey: ({ clusterId }) => [clusterId] }, after);
  }
}

/** Of a preview's wave: nothing of it is stored. */
function plannedPage(
  planned: readonly TargetRow[],
  states: readonly TargetRow['state'][] | undefined,
  { first, after = 0n }: PageRequest,
): Page<TargetRow> {
  const matching = planned.filter(
    ({ clusterId, state }) => clusterId > after && (states?.includes(state) ?? true),
  );
  return pageOf(matching, first);
}

@Resolver(() => TargetType)
export class TargetResolver {
  constructor(private readonly links: PromotionLinks) {}

  @ResolveField(() => ClusterType, { description: 'The cluster.' })
  cluster(@Parent() { source }: TargetType, @Context() context: RequestContext): Promise<ClusterType> {
    return this.links.cluster(context, source.clusterId);
  }
}
