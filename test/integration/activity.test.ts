import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PinoLog } from '../../src/platform/logging/pino-log.ts';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let database: PostgresDatabase;

beforeAll(async () => {
  hub = await startTestHub();
  database = new PostgresDatabase(hub.databaseUrl, new PinoLog('error'));
  await recordElsewhere(['a.one', 'a.two', 'a.three']);
});
afterAll(async () => {
  await database.close();
  await hub.stop();
});

/** As another process would: rows and notices, and nobody rings this one. */
async function recordElsewhere(kinds: readonly string[]): Promise<void> {
  await database.sql(
    `with recorded as (
       insert into event (kind, actor, message, application) select kind, 'somebody', 'did ' || kind, 'shop' from unnest($1::text[]) kind returning id
     ) insert into outbox (topic, payload) select 'event.recorded', jsonb_build_object('eventId', id::text) from recorded`,
    [kinds],
  );
}

const LIST = `query ($filter: ActivityFilter, $first: Int = 50, $after: String) {
  activity(filter: $filter, first: $first, after: $after) {
    nodes { kind actor message application } pageInfo { hasNextPage endCursor }
  }
}`;

interface Listed {
  readonly activity: {
    nodes: { kind: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

describe('activity', () => {
  it('is listed newest first and filtered', async () => {
    const { activity } = await hub.graphql<Listed>(LIST, { filter: { application: 'shop' } });
    expect(activity.nodes.map((event) => event.kind)).toEqual(['a.three', 'a.two', 'a.one']);
    const filter = { kind: ['a.two', 'no.such'], application: 'shop', since: '2020-01-01T00:00:00Z' };
    const filtered = await hub.graphql<Listed>(LIST, { filter });
    expect(filtered.activity.nodes).toEqual([
      { kind: 'a.two', actor: 'somebody', message: 'did a.two', application: 'shop' },
    ]);
  });

  it('comes in pages that hold together while events are added', async () => {
    const filter = { application: 'shop', kind: ['a.one', 'a.two', 'a.three', 'a.later'] };
    const first = await hub.graphql<Listed>(LIST, { filter, first: 2 });
    await recordElsewhere(['a.later']);
    const after = first.activity.pageInfo.endCursor;
    const second = await hub.graphql<Listed>(LIST, { filter, first: 2, after });
    expect(first.activity.nodes.map((event) => event.kind)).toEqual(['a.three', 'a.two']);
    expect(second.activity.nodes.map((event) => event.kind)).toEqual(['a.one']);
    expect(second.activity.pageInfo.hasNextPage).toBe(false);
  });

  it('is told to subscribers, those that the filter lets through, also when nobody rang', async () => {
    const feed = await hub.subscribe<{ activity: { kind: string } }>(
      'subscription { activity(filter: { kind: ["feed.yes"] }) { kind } }',
    );
    await recordElsewhere(['feed.no', 'feed.yes']);
    expect(await feed.next()).toEqual({ activity: { kind: 'feed.yes' } });
    feed.stop();
  });

  it('goes on though a notice that nobody can take stands among others', async () => {
    const events = await hub.subscribe<{ activity: { kind: string } }>(
      'subscription { activity(filter: { kind: ["e.good"] }) { kind } }',
    );
    await database.sql(
      `insert into outbox (topic, payload) values ('promotion.changed', '{"applicationId": "no number"}'),
         ('promotion.changed', '{"promotionId": "1", "applicationId": "1", "environmentId": "1"}')`,
    );
    await recordElsewhere(['e.good']);
    expect(await events.next()).toEqual({ activity: { kind: 'e.good' } });
    events.stop();
    await until('the bad notice to be given up', async () => {
      const [row] = await database.sql<{ count: number }>('select count(*)::int count from outbox');
      return row?.count === 0;
    });
  });

  it('leaves nothing in the outbox', async () => {
    await recordElsewhere(Array.from({ length: 1_200 }, (_, n) => `many.${n}`));
    await until('an empty outbox', async () => {
      const [row] = await database.sql<{ n: bigint }>('select count(*) n from outbox');
      return row?.n === 0n;
    });
  });
});
