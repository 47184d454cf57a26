import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlotKey } from '../../src/promotions/promotion-store.ts';
import {
  addClusters,
  forgetPromotions,
  report,
  slotOfShop,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { runMortal } from '../support/statement-kill.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let engine: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  const world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  await world.policy([{ environment: 'prod', waves: [{ name: 'half', percent: 50 }, { name: 'rest' }] }]);
  await world.ship('1');
  await world.stop();
  engine = await startPromotionEngine(database.connectionString);
  key = await slotOfShop(engine.database);
}, 60_000);

afterAll(async () => {
  await engine.stop();
  await database.stop();
});

/**
 * Rings, which tell other processes that there is something to fetch, merge within 20 ms: a look that takes longer rings
 * once or twice more, whatever it is about.
 */
const isRing = /^select pg_notify/;

/** Statements of each look at a rollout over the whole fleet: its start, each wave's end, its success. */
async function looks(): Promise<readonly number[]> {
  await forgetPromotions(engine.database);
  await engine.promote(1);
  const counts: number[] = [];
  for (let look = 0; look < 3; look += 1) {
    const { statements } = await runMortal(() => engine.advance(key));
    counts.push(statements.filter((text) => !isRing.test(text)).length);
    await report(engine.database, null);
  }
  const rows = await engine.database.sql<{ state: string }>('select state from promotion');
  expect(rows).toEqual([{ state: 'SUCCEEDED' }]);
  return counts;
}

describe('a rollout', () => {
  it('costs as many statements for a thousand clusters as for four', async () => {
    await addClusters(engine.database, 1, 4);
    const few = await looks();
    await addClusters(engine.database, 5, 1_000);
    const startedAt = performance.now();
    const many = await looks();
    process.stdout.write(
      `statements of start, first wave's end and last wave's end: ${few.join(', ')} for 4 clusters, ${many.join(', ')} for 1,000 (${Math.round(performance.now() - startedAt)} ms)\n`,
    );
    expect(many).toEqual(few);
  }, 120_000);
});
