// Tells every replica's subscribers of drift that opened or ended: ids only, each reads the rows itself.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { flatMapEvents } from '../platform/graphql/map-events.ts';
import { follow } from '../platform/pubsub/follow.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import type { DriftEpisode, DriftItem } from './domain/drift-item.ts';
import { DriftQueries } from './drift-queries.ts';

/** What came and what went; never both empty. */
export interface DriftNewsMessage {
  readonly opened: readonly DriftItem[];
  readonly closed: readonly DriftEpisode[];
}

@Injectable()
export class DriftFeed implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly pubSub: PubSub,
    private readonly queries: DriftQueries,
  ) {}

  onModuleInit(): void {
    this.notices.on('drift.changed', (payloads) => {
      const ids = payloads.flatMap(({ itemIds }) => (itemIds as readonly unknown[]).map(String));
      return this.pubSub.publish('drift.changed', { itemIds: [...new Set(ids)] });
    });
  }

  /** From now on, and only what the filter names. What opened and ended meanwhile is told as ended. */
  changes(filter: DriftFilter): AsyncGenerator<DriftNewsMessage, void, void> {
    return flatMapEvents(follow(this.pubSub, 'drift.changed'), async ({ itemIds }) => {
      const ids = itemIds.map(BigInt);
      const [opened, closed] = await Promise.all([
        this.queries.itemsByIds(ids, filter),
        this.queries.endedByIds(ids, filter),
      ]);
      return opened.length + closed.length === 0 ? [] : [{ opened, closed }];
    });
  }
}
