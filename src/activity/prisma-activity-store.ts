// Events and outbox in Postgres, one statement for any number of both.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { NewEvent, Notice, NoticeTopic } from './activity-log.ts';
import {
  ActivityStore,
  type EventPageRequest,
  type PendingNotice,
  type StoredEvent,
} from './activity-store.ts';
import type { ActivityFilter } from './domain/activity-filter.ts';

const ADD = `
with recorded as (
  insert into event (kind, actor, message, application, environment, cluster, promotion_id, data)
  select kind, actor, message, application, environment, cluster, promotion_id, data
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::jsonb[])
    with ordinality as t(kind, actor, message, application, environment, cluster, promotion_id, data, n)
  order by n
  returning id
)
insert into outbox (topic, payload)
select topic, payload
  from (select 'event.recorded' topic, jsonb_build_object('eventId', id::text) payload, 0 part, id n from recorded
         union all
        select topic, payload, 1, n from unnest($9::text[], $10::jsonb[]) with ordinality as t(topic, payload, n)) told
 order by part, n`;

const COLUMNS = `id, at, kind, actor, message, application, environment, cluster, promotion_id as "promotionId", data`;

const LIST = `
select ${COLUMNS} from event
where ($1::text[] is null or kind = any($1)) and ($2::text is null or application = $2)
  and ($3::text is null or environment = $3) and ($4::text is null or cluster = $4)
  and ($5::int8 is null or promotion_id = $5) and ($6::timestamptz is null or at >= $6)
  and ($7::int8 is null or id < $7)
order by id desc limit $8`;

const CLAIM = `
select id, topic, payload from outbox where topic <> all($2::text[])
order by id limit $1 for update skip locked`;

interface EventRow {
  readonly id: bigint;
  readonly at: Date;
  readonly kind: string;
  readonly actor: string;
  readonly message: string;
  readonly application: string | null;
  readonly environment: string | null;
  readonly cluster: string | null;
  readonly promotionId: bigint | null;
  readonly data: Record<string, unknown> | null;
}

@Injectable()
export class PrismaActivityStore extends ActivityStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async add(
    tx: Transaction,
    events: readonly NewEvent[],
    notices: readonly Notice[],
  ): Promise<void> {
    await tx.sql(ADD, [
      events.map((event) => event.kind),
      events.map((event) => event.actor),
      events.map((event) => event.message),
      events.map((event) => event.application ?? null),
      events.map((event) => event.environment ?? null),
      events.map((event) => event.cluster ?? null),
      events.map((event) => event.promotionId ?? null),
      events.map((event) => (event.data ? JSON.stringify(event.data) : null)),
      notices.map((notice) => notice.topic),
      notices.map((notice) => JSON.stringify(notice.payload)),
    ]);
  }

  override async list(
    filter: ActivityFilter,
    { first, after }: EventPageRequest,
  ): Promise<Page<StoredEvent>> {
    const rows = await this.database.sql<EventRow>(LIST, [
      filter.kinds ?? null,
      filter.application ?? null,
      filter.environment ?? null,
      filter.cluster ?? null,
      filter.promotionId ?? null,
      filter.since ?? null,
      after ?? null,
      first + 1,
    ]);
    return pageOf(rows.map(toEvent), first);
  }

  override async byIds(ids: readonly bigint[]): Promise<readonly StoredEvent[]> {
    const rows = await this.database.sql<EventRow>(
      `select ${COLUMNS} from event where id = any($1) order by id`,
      [ids],
    );
    return rows.map(toEvent);
  }

  override claim(
    tx: Transaction,
    limit: number,
    except: readonly string[],
  ): Promise<readonly PendingNotice[]> {
    return tx.sql<{ id: bigint; topic: NoticeTopic; payload: Record<string, unknown> }>(CLAIM, [
      limit,
      except,
    ]);
  }

  override async remove(tx: Transaction, ids: readonly bigint[]): Promise<void> {
    await tx.sql('delete from outbox where id = any($1)', [ids]);
  }
}

function toEvent({ application, environment, cluster, promotionId, data, ...always }: EventRow): StoredEvent {
  return {
    ...always,
    ...(application === null ? {} : { application }),
    ...(environment === null ? {} : { environment }),
    ...(cluster === null ? {} : { cluster }),
    ...(promotionId === null ? {} : { promotionId }),
    ...(data === null ? {} : { data }),
  };
}
