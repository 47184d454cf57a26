// Tells every replica's subscribers of recorded events: ids only, each reads the rows itself.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { follow } from '../platform/pubsub/follow.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { ActivityQueries } from './activity-queries.ts';
import type { StoredEvent } from './activity-store.ts';
import { Notices } from './activity-log.ts';
import { matchesActivity, type ActivityFilter } from './domain/activity-filter.ts';

@Injectable()
export class ActivityFeed implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly pubSub: PubSub,
    private readonly queries: ActivityQueries,
  ) {}

  onModuleInit(): void {
    this.notices.on('event.recorded', (payloads) =>
      this.pubSub.publish('activity.recorded', {
        eventIds: payloads.map((payload) => String(payload['eventId'])),
      }),
    );
  }

  /** Messages from now on; `eventsOf` turns each into the events that the follower wants. */
  messages(): AsyncGenerator<{ readonly eventIds: readonly string[] }, void, void> {
    return follow(this.pubSub, 'activity.recorded');
  }

  async eventsOf(eventIds: readonly string[], filter: ActivityFilter): Promise<readonly StoredEvent[]> {
    const events = await this.queries.byIds(eventIds.map(BigInt));
    return events.filter((event) => matchesActivity(filter, event));
  }
}
