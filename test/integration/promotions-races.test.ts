import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { GoneSlots } from '../../src/promotions/gone-slots.ts';
import { PromotionStore, type SlotKey } from '../../src/promotions/promotion-store.ts';
import { PromotionTransitions } from '../../src/promotions/promotion-transitions.ts';
import {
  addClusters,
  forgetPromotions,
  report,
  slotOfShop,
  standing,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { barrier, whileAllWait } from '../support/slot-barrier.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let one: PromotionEngine;
let other: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  const world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  await world.policy([{ environment: 'prod' }]);
  for (const version of ['1', '2', '3']) await world.ship(version);
  await world.stop();
  one = await startPromotionEngine(database.connectionString);
  other = await startPromotionEngine(database.connectionString);
  await addClusters(one.database, 1, 2);
  key = await slotOfShop(one.database);
}, 60_000);

beforeEach(() => forgetPromotions(one.database));

afterAll(async () => {
  await one.stop();
  await other.stop();
  await database.stop();
});

const states = async (): Promise<readonly string[]> => {
  const rows = await one.database.sql<{ state: string }>('select state from promotion order by id');
  return rows.map(({ state }) => state);
};

async function pending(...releases: number[]): Promise<void> {
  for (const release of releases) await one.promote(release);
}

/** Reads the open promotion and starts it, as two replicas would that look at the same moment. */
async function startLooking(
  { app, database: on }: PromotionEngine,
  release: number,
  look: (tx: Transaction, store: PromotionStore) => Promise<unknown>,
): Promise<void> {
  const store = app.get(PromotionStore);
  await on.transaction(async (tx) => {
    await look(tx, store);
    const open = await store.openPromotions(tx, key);
    const [found] = await tx.sql<{ id: bigint }>('select id from release where number = $1', [release]);
    const mine = open.find(({ releaseId }) => releaseId === found?.id);
    if (!mine || open.some(({ state }) => state !== 'PENDING')) return;
    await app.get(PromotionTransitions).apply(tx, mine, { kind: 'START', previousReleaseId: null });
  });
}

const failures = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));

describe('two promotions that start in one slot at once', () => {
  it('follow one another, because the slot is locked before anybody looks', async () => {
    await pending(1, 2);
    const meet = barrier();
    const look = async (tx: Transaction, store: PromotionStore): Promise<void> => {
      await meet();
      await store.lockSlot(tx, key);
    };
    await Promise.all([startLooking(one, 1, look), startLooking(other, 2, look)]);
    expect((await states()).toSorted()).toEqual(['PENDING', 'ROLLING']);
  });

  it('meet the database’s last defence without that lock, which shows that the lock is needed', async () => {
    await pending(1, 2);
    const meet = barrier();
    const results = await Promise.allSettled([startUnlocked(one, 1, meet), startUnlocked(other, 2, meet)]);
    expect(failures(results)).toEqual([
      expect.stringMatching(/Unique constraint failed|promotion_moving_key|duplicate key/),
    ]);
    expect((await states()).toSorted()).toEqual(['PENDING', 'ROLLING']);
  });

  it('would both run without lock and defence', async () => {
    await pending(1, 2);
    await one.database.sql('drop index promotion_moving_key');
    try {
      const meet = barrier();
      await Promise.all([startUnlocked(one, 1, meet), startUnlocked(other, 2, meet)]);
      expect(await states()).toEqual(['ROLLING', 'ROLLING']);
    } finally {
      await one.database.sql("update promotion set state = 'CANCELLED'");
      await one.database.sql(
        `create unique index promotion_moving_key on promotion (application_id, environment_id) where state in ('ROLLING', 'PAUSED', 'VERIFYING')`,
      );
    }
  });
});

/** As above, with the look before the barrier and without the slot's lock. */
async function startUnlocked(
  { database: on }: PromotionEngine,
  release: number,
  meet: () => Promise<void>,
): Promise<void> {
  await on.transaction(async (tx) => {
    const running = await tx.sql("select 1 from promotion where state in ('ROLLING', 'PAUSED', 'VERIFYING')");
    await meet();
    if (running.length > 0) return;
    await tx.sql(
      `update promotion set state = 'ROLLING', version = version + 1
        where release_id = (select id from release where number = $1) and state = 'PENDING'`,
      [release],
    );
  });
}

describe('two replicas that advance one slot at once', () => {
  it('do each step once', async () => {
    await pending(1);
    await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? one : other).advance(key)));
    await report(one.database, null);
    await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? one : other).advance(key)));
    expect(await states()).toEqual(['SUCCEEDED']);
    const told = await one.database.sql<{ kind: string }>(
      "select kind from event where kind like 'promotion.%' order by id",
    );
    expect(told.map(({ kind }) => kind)).toEqual([
      'promotion.created',
      'promotion.started',
      'promotion.wave-passed',
      'promotion.waves-passed',
      'promotion.succeeded',
    ]);
    const [generations] = await one.database.sql<{ most: bigint }>(
      'select max(generation) most from instance',
    );
    expect(generations?.most).toBe(1n);
  });

  it('lose the race by the version where both read the same row, and nothing is written twice', async () => {
    await pending(1);
    const meet = barrier();
    const cancel = ({ app, database: on }: PromotionEngine): Promise<unknown> =>
      on.transaction(async (tx) => {
        const [before] = await app.get(PromotionStore).openPromotions(tx, key);
        await meet();
        if (!before) throw new Error('nothing is open');
        await app
          .get(PromotionTransitions)
          .apply(tx, before, { kind: 'CANCEL', reason: 'Enough.', by: 'ada' });
      });
    const results = await Promise.allSettled([cancel(one), cancel(other)]);
    expect(failures(results)).toEqual([expect.stringMatching(/changed by somebody else at the same moment/)]);
    expect(await states()).toEqual(['CANCELLED']);
    const told = await one.database.sql("select 1 from event where kind = 'promotion.cancelled'");
    expect(told).toHaveLength(1);
  });

  it('would both write without the version', async () => {
    await pending(1);
    const meet = barrier();
    const write = ({ database: on }: Pick<PromotionEngine, 'database'>): Promise<number> =>
      on.transaction(async (tx) => {
        await tx.sql('select id from promotion');
        await meet();
        return (await tx.sql("update promotion set state = 'CANCELLED' returning id")).length;
      });
    expect(await Promise.all([write(one), write(other)])).toEqual([1, 1]);
  });
});

describe('a report and a cancel at once', () => {
  it('end in one of the two, never in both', async () => {
    for (let round = 0; round < 5; round += 1) {
      await forgetPromotions(one.database);
      await pending(1);
      await one.advance(key);
      await report(one.database, null);
      const both = [() => one.advance(key), () => cancelRunning(other)];
      await whileAllWait(one, 2, () => (round % 2 === 0 ? both : both.toReversed()).map((each) => each()));
      const [state] = await states();
      const told = await one.database.sql<{ kind: string }>(
        "select kind from event where kind in ('promotion.succeeded', 'promotion.cancelled')",
      );
      expect(told.map(({ kind }) => kind)).toEqual([`promotion.${state?.toLowerCase()}`]);
      const qualified = await one.database.sql('select 1 from qualification');
      expect(qualified).toHaveLength(state === 'SUCCEEDED' ? 1 : 0);
    }
  });

  it('would be both told without lock and version', async () => {
    await pending(1);
    await one.advance(key);
    const meet = barrier();
    const end = ({ database: on }: PromotionEngine, state: string): Promise<number> =>
      on.transaction(async (tx) => {
        const [found] = await tx.sql<{ state: string }>('select state from promotion');
        await meet();
        if (found?.state !== 'ROLLING') return 0;
        return (await tx.sql('update promotion set state = $1::"PromotionState" returning id', [state]))
          .length;
      });
    expect(await Promise.all([end(one, 'SUCCEEDED'), end(other, 'CANCELLED')])).toEqual([1, 1]);
  });
});

/** As a person cancels: what runs is read once the slot is locked. */
function cancelRunning({ app, database: on }: PromotionEngine): Promise<void> {
  return on.transaction(async (tx) => {
    const store = app.get(PromotionStore);
    await store.lockSlot(tx, key);
    const [running] = await store.openPromotions(tx, key);
    const event = { kind: 'CANCEL', reason: 'Enough.', by: 'ada' } as const;
    if (running) await app.get(PromotionTransitions).apply(tx, running, event);
  });
}

describe('the same request', () => {
  it('makes one promotion, however often and wherever it is made', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : other).promote(1)));
    expect(await states()).toEqual(['PENDING']);
  });
});

describe('the sweep', () => {
  it('gives a slot whose moment has come to one replica, and again to somebody when nobody moved it', async () => {
    await pending(1);
    await one.advance(key);
    await one.database.sql("update promotion set due_at = now() - interval '1 second'");
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? one : other).app.get(PromotionStore).claimDue(500, 10),
      ),
    );
    expect(claims.flat()).toEqual([key]);
    expect(await one.app.get(PromotionStore).claimDue(500, 10)).toEqual([]);
    await expect.poll(() => other.app.get(PromotionStore).claimDue(500, 10)).toEqual([key]);
  });

  it('would give it to several without SKIP LOCKED and the claim', async () => {
    await pending(1);
    await one.database.sql("update promotion set due_at = now() - interval '1 second'");
    const meet = barrier();
    const look = ({ sql }: Pick<Database, 'sql'>): Promise<number> =>
      sql('select 1 from promotion where due_at <= now()').then(async (rows) => {
        await meet();
        return rows.length;
      });
    expect(await Promise.all([look(one.database), look(other.database)])).toEqual([1, 1]);
  });
});

describe('evidence', () => {
  it('of another generation, another bundle or another promotion counts for nothing', async () => {
    await pending(1);
    await one.advance(key);
    await report(one.database, null);
    for (const stale of ['generation = generation - 1', "bundle_digest = 'another'"]) {
      await one.database.sql(`update instance_status set ${stale}`);
      await one.advance(key);
      expect(await states()).toEqual(['ROLLING']);
      await one.database.sql(
        'update instance_status s set generation = i.generation, bundle_digest = i.bundle_digest from instance i where i.id = s.instance_id',
      );
    }
    await one.database.sql('update instance set promotion_id = 0');
    await one.advance(key);
    expect(await states()).toEqual(['PAUSED']);
  });
});

describe('a slot whose step is gone', () => {
  it('ends what is open once, though two replicas see it at once', async () => {
    await pending(1, 2);
    await one.advance(key);
    await one.database.sql("update policy_revision set environments = '{}'");
    await Promise.all([one.app.get(GoneSlots).end(key), other.app.get(GoneSlots).end(key)]);
    await one.database.sql("update policy_revision set environments = '{prod}'");
    expect((await states()).every((state) => state === 'CANCELLED' || state === 'SUPERSEDED')).toBe(true);
    expect(JSON.stringify(await standing(one.database))).not.toContain('"ROLLING"');
  });
});
