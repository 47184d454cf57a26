import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices, type NoticeTopic } from '../../src/activity/activity-log.ts';
import { JobQueue } from '../../src/platform/queue/job.ts';
import { PauseCommands } from '../../src/promotions/decisions/pause-commands.ts';
import { PromotionFactsStore } from '../../src/promotions/promotion-facts-store.ts';
import { advanceSlot } from '../../src/promotions/promotion-jobs.ts';
import { PromotionStore, type SlotKey } from '../../src/promotions/promotion-store.ts';
import { PromotionWaker, slotPayload } from '../../src/promotions/promotion-waker.ts';
import { SlotPace } from '../../src/promotions/slot-pace.ts';
import {
  addClusters,
  forgetPromotions,
  report,
  slotOfShop,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let world: PromotionWorld;
let engine: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  const waves = [{ name: 'canary', count: 1 }, { name: 'rest' }];
  await world.policy([
    { environment: 'prod', waves, offline: 'FAIL', onFailure: { rollback: 'ENVIRONMENT' } },
  ]);
  await world.ship('1');
  await world.ship('2');
  await world.hub.stop();
  engine = await startPromotionEngine(database.connectionString);
  key = await slotOfShop(engine.database);
}, 60_000);

beforeEach(async () => {
  await forgetPromotions(engine.database);
  for (const table of ['promotion_target', 'instance', 'environment_member', 'cluster'])
    await engine.database.sql(`delete from ${table}`);
  await addClusters(engine.database, 1, 2);
});

afterAll(async () => {
  await engine.stop();
  await database.stop();
  world.repository.remove();
});

/** Tells what the test says, at once. */
class Rounds extends Notices {
  private readonly listeners = new Map<NoticeTopic, Parameters<Notices['on']>[1]>();

  override on(topic: NoticeTopic, listener: Parameters<Notices['on']>[1]): void {
    this.listeners.set(topic, listener);
  }

  async tell(topic: NoticeTopic, payloads: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await this.listeners.get(topic)?.(payloads);
  }
}

/** What was told since the last call: `topic`, and whether somebody must look at the slot by it. */
async function told(): Promise<readonly string[]> {
  const rows = await engine.database.sql<{ topic: string; carried: boolean }>(
    `with told as (delete from outbox returning id, topic, payload)
     select topic, coalesce((payload->>'carriedOn')::boolean, false) carried from told
      where topic in ('promotion.changed', 'gates.changed') order by id`,
  );
  return rows.map(({ topic, carried }) => (carried ? `${topic}, carried on` : topic));
}

/** The running one. */
async function running(): Promise<bigint> {
  const [row] = await engine.database.sql<{ id: bigint }>(
    `select id from promotion where state in ('ROLLING', 'PAUSED', 'VERIFYING')`,
  );
  if (!row) throw new Error('Nothing runs.');
  return row.id;
}

describe('a look', () => {
  it('asks for no other look by what it carried on itself, and for one by an end', async () => {
    await engine.promote(1);
    expect(await told()).toEqual(['promotion.changed']);
    await engine.advance(key);
    expect(await told()).toEqual(['promotion.changed, carried on']);
    await report(engine.database, null);
    await engine.advance(key);
    expect(await told()).toEqual(['promotion.changed, carried on']);
    await report(engine.database, null);
    await engine.advance(key);
    const last = await told();
    expect(last.slice(0, -1).every((notice) => notice.endsWith('carried on'))).toBe(true);
    expect(last.at(-1)).toBe('promotion.changed');
  });

  it.each(['ada', 'fairlead'])('comes after what a person named %s decides of a rollout', async (user) => {
    await engine.promote(1);
    await engine.advance(key);
    await told();
    const person = { kind: 'user', name: user, user, role: 'OPERATOR' } as never;
    await engine.app.get(PauseCommands).pause(await running(), 'to see', person);
    expect(await told()).toEqual(['promotion.changed']);
    await engine.app.get(PauseCommands).resume(await running(), person);
    expect(await told()).toEqual(['promotion.changed']);
  });

  it('is asked for where a rollout fails in its first moment, as its rollback has to be prepared', async () => {
    await engine.promote(1);
    for (let wave = 0; wave < 2; wave += 1) {
      await engine.advance(key);
      await report(engine.database, null);
    }
    await engine.advance(key);
    await engine.promote(2);
    await told();
    await engine.database.sql(`update cluster_rollup set last_seen_at = now() - interval '1 hour'`);
    await engine.advance(key);
    expect(await told()).toEqual(['promotion.changed, carried on', 'gates.changed']);
    await engine.advance(key);
    expect(await engine.database.sql('select intent, state from promotion order by id')).toMatchObject([
      { intent: 'FORWARD', state: 'SUCCEEDED' },
      { intent: 'FORWARD', state: 'FAILED' },
      { intent: 'ROLLBACK' },
    ]);
  });
});

describe('a notice of a promotion', () => {
  it('has its slot looked at, unless whoever changed it carried on by itself', async () => {
    await engine.promote(1);
    const store = engine.app.get(PromotionStore);
    const rounds = new Rounds();
    const jobs = engine.app.get(JobQueue);
    const added = vi.spyOn(jobs, 'add');
    new PromotionWaker(
      rounds,
      jobs,
      store,
      engine.app.get(PromotionFactsStore),
      new SlotPace(),
    ).onModuleInit();
    const notice = slotPayload(key);
    await rounds.tell('promotion.changed', [{ ...notice, carriedOn: true }]);
    expect(added).not.toHaveBeenCalled();
    await rounds.tell('promotion.changed', [{ ...notice, carriedOn: true }, notice]);
    expect(added.mock.calls).toEqual([[advanceSlot, [notice], { restMs: 0 }]]);
    added.mockRestore();
  });
});

describe('the slots that an application may set going', () => {
  it('are its own open ones, and those of others that wait for its releases', async () => {
    await engine.promote(1);
    const store = engine.app.get(PromotionStore);
    const other = { ...key, applicationId: key.applicationId + 1_000n };
    expect(await store.openSlotsOf([key.applicationId])).toEqual([key]);
    expect(await store.openSlotsOf([other.applicationId])).toEqual([]);
    await engine.database.sql(
      `update promotion set step = jsonb_set(step::jsonb, '{gates}', '[{"kind": "dependency", "application": "db"}]')`,
    );
    await engine.database.sql(
      `insert into application (id, name, repository_id, path, policy_id, sync_policy)
       select $1, 'db', repository_id, path, policy_id, sync_policy from application where name = 'shop'`,
      [other.applicationId],
    );
    expect(await store.openSlotsOf([other.applicationId])).toEqual([key]);
    await engine.database.sql(`delete from application where name = 'db'`);
  });
});
