// Events: the list and the feed.
import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { flatMapEvents } from '../../platform/graphql/map-events.ts';
import { ActivityFeed } from '../activity-feed.ts';
import { ActivityQueries } from '../activity-queries.ts';
import { ActivityFilterInput, toActivityFilter } from './activity.inputs.ts';
import { EventType } from './event.type.ts';
import { toEventType } from './to-event-type.ts';

const filterArgument = {
  name: 'filter',
  type: () => ActivityFilterInput,
  nullable: true,
  description: 'Which events; absent: all.',
};

@Resolver(() => EventType)
export class ActivityResolver {
  constructor(
    private readonly queries: ActivityQueries,
    private readonly feed: ActivityFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(EventType), { description: 'What happened, newest first.' })
  async activity(
    @Args(filterArgument) filter: ActivityFilterInput | null,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<EventType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.queries.list(toActivityFilter(filter), { first, after: afterId });
    return toConnection(page, { node: toEventType, sortKey: (event) => [event.id] }, after);
  }

  @Requires('VIEWER')
  @Subscription(() => EventType, {
    name: 'activity',
    description: 'What happens from now on.',
    resolve: (event: EventType) => event,
  })
  activityFeed(@Args(filterArgument) input: ActivityFilterInput | null): AsyncIterable<EventType> {
    const filter = toActivityFilter(input);
    return flatMapEvents(this.feed.messages(), async ({ eventIds }) => {
      const events = await this.feed.eventsOf(eventIds, filter);
      return events.map(toEventType);
    });
  }
}
