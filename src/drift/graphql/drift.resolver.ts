// The people's questions about drift.
import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, type Connection } from '../../platform/graphql/connection.ts';
import { mapEvents } from '../../platform/graphql/map-events.ts';
import { DriftFeed } from '../drift-feed.ts';
import { DriftQueries } from '../drift-queries.ts';
import {
  DriftFacetType,
  DriftMetricsType,
  DriftOffenderType,
  toMetricsType,
  toOffenderType,
} from './drift-counts.type.ts';
import { episodeConnection, itemConnection, itemPosition } from './drift-pages.ts';
import {
  DriftEpisodesArgs,
  DriftFacetsArgs,
  DriftItemsArgs,
  DriftOffendersArgs,
  PeriodArgs,
  readTop,
} from './drift.args.ts';
import { driftFilterArgument, DriftFilterInput, toDriftFilter } from './drift.inputs.ts';
import {
  DriftChangeType,
  DriftEpisodeType,
  DriftItemType,
  toDriftEpisodeType,
  toDriftItemType,
} from './drift.type.ts';

@Resolver(() => DriftItemType)
export class DriftResolver {
  constructor(
    private readonly queries: DriftQueries,
    private readonly feed: DriftFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(DriftItemType), { description: 'Open drift across the fleet.' })
  async driftItems(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
    @Args() { first, after, orderBy }: DriftItemsArgs,
  ): Promise<Connection<DriftItemType>> {
    const request = { first, after: itemPosition(after), order: orderBy ?? 'NEWEST' };
    return itemConnection(await this.queries.items(toDriftFilter(filter), request), after);
  }

  @Requires('VIEWER')
  @Query(() => [DriftFacetType], {
    description: 'Open drift counted by each of some dimensions, the largest counts first.',
  })
  driftFacets(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
    @Args() { by, top }: DriftFacetsArgs,
  ): Promise<DriftFacetType[]> {
    if (by.length === 0) return Promise.resolve([]);
    return this.queries.facets(toDriftFilter(filter), by, readTop(top));
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(DriftEpisodeType), {
    description: 'Drift that is and that was, of instances that still live; newest first.',
  })
  async driftEpisodes(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
    @Args() { from, to, first, after }: DriftEpisodesArgs,
  ): Promise<Connection<DriftEpisodeType>> {
    const period = { from: from ?? undefined, to: to ?? undefined };
    const request = { first, after: itemPosition(after) };
    return episodeConnection(await this.queries.episodes(toDriftFilter(filter), period, request), after);
  }

  @Requires('VIEWER')
  @Query(() => [DriftOffenderType], {
    description:
      'Who changes what again and again, the most frequent first: what comes back every week is not healed by healing it.',
  })
  async driftOffenders(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
    @Args() { from, to, top }: DriftOffendersArgs,
  ): Promise<DriftOffenderType[]> {
    const offenders = await this.queries.offenders(toDriftFilter(filter), { from, to }, readTop(top));
    return offenders.map(toOffenderType);
  }

  @Requires('VIEWER')
  @Query(() => DriftMetricsType, {
    description: 'What became of the drift that began in a time, and the mean time to heal it.',
  })
  async driftMetrics(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
    @Args() { from, to }: PeriodArgs,
  ): Promise<DriftMetricsType> {
    return toMetricsType(await this.queries.figures(toDriftFilter(filter), { from, to }));
  }

  @Requires('VIEWER')
  @Subscription(() => DriftChangeType, { description: 'Drift that opens or ends from now on.' })
  driftChanged(
    @Args(driftFilterArgument) filter: DriftFilterInput | null,
  ): AsyncGenerator<{ driftChanged: DriftChangeType }, void, void> {
    return mapEvents(this.feed.changes(toDriftFilter(filter)), ({ opened, closed }) => ({
      driftChanged: { opened: opened.map(toDriftItemType), closed: closed.map(toDriftEpisodeType) },
    }));
  }
}
