import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlotKey } from '../../src/promotions/promotion-store.ts';
import {
  addClusters,
  forgetPromotions,
  report,
  slotOfShop,
  standing,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { runMortal, type KillPoint } from '../support/statement-kill.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let victim: PromotionEngine;
let heir: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  const world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  await world.policy([
    {
      environment: 'prod',
      waves: [{ name: 'canary', count: 1 }, { name: 'rest' }],
      onFailure: { rollback: 'ENVIRONMENT' },
    },
  ]);
  await world.ship('1');
  await world.ship('2');
  await world.stop();
  victim = await startPromotionEngine(database.connectionString);
  heir = await startPromotionEngine(database.connectionString);
  await addClusters(victim.database, 1, 2);
  key = await slotOfShop(victim.database);
}, 60_000);

afterAll(async () => {
  await victim.stop();
  await heir.stop();
  await database.stop();
});

type Deed = (engine: PromotionEngine) => Promise<unknown>;
const advance: Deed = (engine) => engine.advance(key);
const well: Deed = ({ database: on }) => report(on, null);
const refusal = { sync: 'FAILED', health: 'DEGRADED', agoMs: 60_000 };

/** Release 1 goes through both waves; release 2 fails at the second, and is taken back everywhere. */
const story: readonly { readonly does: Deed; readonly mortal: boolean }[] = [
  { does: (engine) => engine.promote(1), mortal: true },
  { does: advance, mortal: true },
  { does: well, mortal: false },
  { does: advance, mortal: true },
  { does: well, mortal: false },
  { does: advance, mortal: true },
  { does: (engine) => engine.promote(2), mortal: true },
  { does: advance, mortal: true },
  { does: well, mortal: false },
  { does: advance, mortal: true },
  { does: ({ database: on }) => report(on, ['c0002'], refusal), mortal: false },
  { does: advance, mortal: true },
  { does: well, mortal: false },
  { does: advance, mortal: true },
];

/**
 * Tells the story. At `point`, counted over all of it, the victim dies, and the heir does again what the victim was at,
 * and everything after it: as the queue and the sweep would have it. Answers the statements of each deed.
 */
async function tell(point?: KillPoint): Promise<readonly string[]> {
  await forgetPromotions(heir.database);
  const statements: string[] = [];
  let engine = victim;
  for (const { does, mortal } of story) {
    if (!mortal) {
      await does(heir);
      continue;
    }
    const own = point && { ...point, statement: point.statement - statements.length };
    const deed = await runMortal(async () => void (await does(engine)), own);
    statements.push(...deed.statements);
    if (!deed.killed) continue;
    engine = heir;
    await does(heir);
  }
  return statements;
}

describe('a hub that is killed in the middle of a rollout', () => {
  it('leaves it to the next as if nothing had happened, at whichever commit it dies, before or after it', async () => {
    const statements = await tell();
    const undisturbed = await standing(heir.database);
    expect(JSON.stringify(undisturbed)).toContain('"ROLLBACK","SUCCEEDED"');
    const points = statements.flatMap((text, index): KillPoint[] => {
      const statement = index + 1;
      if (/^commit/i.test(text))
        return [
          { statement, after: false },
          { statement, after: true },
        ];
      // Between two commits every death is the same to the database: now and then one is tried all the same.
      return index % 97 === 0 ? [{ statement, after: false }] : [];
    });
    process.stdout.write(`kill points: ${points.length} of ${statements.length} statements\n`);
    expect(points.length).toBeGreaterThan(20);
    for (const point of points) {
      await tell(point);
      expect(
        await standing(heir.database),
        `killed ${point.after ? 'after' : 'at'} statement ${point.statement}: ${statements[point.statement - 1]}`,
      ).toEqual(undisturbed);
    }
  }, 1_200_000);
});
