// What the activity feature needs of the database, in its own words.
import type { SqlTransaction } from '../platform/database/database.ts';
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
  /** Stores events, each with an `event.recorded` notice, in one statement. */
  abstract record(tx: SqlTransaction, events: readonly NewEvent[]): Promise<void>;
  abstract notify(tx: SqlTransaction, notices: readonly Notice[]): Promise<void>;
  abstract list(filter: ActivityFilter, page: EventPageRequest): Promise<Page<StoredEvent>>;
  /** In the order of the ids; what is gone is left out. */
  abstract byIds(ids: readonly bigint[]): Promise<readonly StoredEvent[]>;
  /** Locks up to `limit` of the oldest notices that nobody else has locked; topics in `except` are left. */
  abstract claim(
    tx: SqlTransaction,
    limit: number,
    except: readonly string[],
  ): Promise<readonly PendingNotice[]>;
  abstract remove(tx: SqlTransaction, ids: readonly bigint[]): Promise<void>;
}
