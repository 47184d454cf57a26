// Owns the append-only record of what happened, and the outbox through which a commit wakes whatever waits for it.
import { Global, Module } from '@nestjs/common';
import { ActivityFeed } from './activity-feed.ts';
import { ActivityLog, Notices } from './activity-log.ts';
import { ActivityQueries } from './activity-queries.ts';
import { ActivityStore } from './activity-store.ts';
import { ActivityResolver } from './graphql/activity.resolver.ts';
import { OutboxActivityLog } from './outbox-activity-log.ts';
import { OutboxBell } from './outbox-bell.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { PrismaActivityStore } from './prisma-activity-store.ts';

/** Global: every feature writes events. */
@Global()
@Module({
  providers: [
    { provide: ActivityStore, useClass: PrismaActivityStore },
    { provide: ActivityLog, useClass: OutboxActivityLog },
    { provide: Notices, useClass: OutboxRelay },
    OutboxBell,
    ActivityFeed,
    ActivityQueries,
    ActivityResolver,
  ],
  exports: [ActivityLog, Notices, ActivityQueries],
})
export class ActivityModule {}
