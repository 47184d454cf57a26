// Reading what happened.
import { Injectable } from '@nestjs/common';
import type { Page } from '../platform/graphql/connection.ts';
import { ActivityStore, type EventPageRequest, type StoredEvent } from './activity-store.ts';
import type { ActivityFilter } from './domain/activity-filter.ts';

@Injectable()
export class ActivityQueries {
  constructor(private readonly store: ActivityStore) {}

  /** Newest first. */
  list(filter: ActivityFilter, page: EventPageRequest): Promise<Page<StoredEvent>> {
    return this.store.list(filter, page);
  }

  byIds(ids: readonly bigint[]): Promise<readonly StoredEvent[]> {
    return this.store.byIds(ids);
  }
}
