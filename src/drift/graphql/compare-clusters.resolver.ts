// The comparison of two clusters.
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { ClusterComparison } from '../cluster-comparison.ts';
import { differencePosition } from '../domain/compare-clusters.ts';
import { CompareClustersArgs } from './drift.args.ts';
import { ObjectDifferenceType } from './object-difference.type.ts';

@Resolver(() => ObjectDifferenceType)
export class CompareClustersResolver {
  constructor(private readonly comparison: ClusterComparison) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(ObjectDifferenceType), {
    description:
      'What differs between two clusters in one application and environment: what is assigned to them, and their drift.',
  })
  async compareClusters(
    @Args() { after, ...request }: CompareClustersArgs,
  ): Promise<Connection<ObjectDifferenceType>> {
    const position = decodeCursor(after, ['string', 'string']);
    const page = await this.comparison.page({ ...request, after: position });
    return toConnection(page, { node: (difference) => difference, sortKey: differencePosition }, after);
  }
}
