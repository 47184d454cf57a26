// What the activity feature needs of the database, in its own words.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { NewEvent, Notice } from './activity-log.ts';
import type { ActivityFilter } from './domain/activity-filter.ts';

/** One thing that happened, as stored. */
export interface StoredEvent extends NewEvent {
  readonly id: bigint;
  readonly at: Date;
}

/** A notice that waits to be handed over. */
export interface PendingNotice extends Notice {
  readonly id: bigint;
}

/** Newest first. */
export interface EventPageRequest {
  readonly first: number;
  /** The id of the last event of the page before. */
  readonly after?: bigint | undefined;
}

export abstract class ActivityStore {
  /** Stores events, each with an `event.recorded` notice, and after them the notices, in one statement. */
  abstract add(tx: Transaction, events: readonly NewEvent[], notices: readonly Notice[]): Promise<void>;
  abstract list(filter: ActivityFilter, page: EventPageRequest): Promise<Page<StoredEvent>>;
  /** In the order of the ids; what is gone is left out. */
  abstract byIds(ids: readonly bigint[]): Promise<readonly StoredEvent[]>;
  /** Locks up to `limit` of the oldest notices that nobody else has locked; topics in `except` are left. */
  abstract claim(
    tx: Transaction,
    limit: number,
    except: readonly string[],
  ): Promise<readonly PendingNotice[]>;
  abstract remove(tx: Transaction, ids: readonly bigint[]): Promise<void>;
}
