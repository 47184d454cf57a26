import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role, UserPrincipal } from '../../src/access/domain/caller.ts';
import { isRefusal } from '../../src/platform/refusal.ts';
import { ApprovalCommands } from '../../src/promotions/decisions/approval-commands.ts';
import type { SlotKey } from '../../src/promotions/promotion-store.ts';
import {
  addClusters,
  forgetPromotions,
  slotOfShop,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { barrier, whileAllWait } from '../support/slot-barrier.ts';
import { PromotionWorld } from './promotions-fixture.ts';
import { People } from './promotions-people.ts';

let database: TestDatabase;
let one: PromotionEngine;
let other: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  const world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  await world.policy([{ environment: 'prod', gates: [{ approval: { count: 2 } }] }]);
  await world.ship('1');
  const people = new People(world.hub);
  for (const user of ['bob', 'cleo']) await people.add(user);
  await world.stop();
  one = await startPromotionEngine(database.connectionString);
  other = await startPromotionEngine(database.connectionString);
  await addClusters(one.database, 1, 2);
  key = await slotOfShop(one.database);
}, 60_000);

beforeEach(async () => {
  await forgetPromotions(one.database);
  await one.promote(1);
});

afterAll(async () => {
  await one.stop();
  await other.stop();
  await database.stop();
});

const person = (user: string): UserPrincipal => ({
  kind: 'user',
  name: `${user}'s`,
  user,
  role: 'OPERATOR' satisfies Role,
  emails: [],
  tokenId: 1n,
  validUntil: undefined,
});

async function promotionId(): Promise<bigint> {
  const [row] = await one.database.sql<{ id: bigint }>('select id from promotion');
  return row?.id ?? 0n;
}

const approvers = async (): Promise<readonly string[]> => {
  const rows = await one.database.sql<{ approver: string }>(
    'select approver from approval order by approver',
  );
  return rows.map(({ approver }) => approver);
};

const told = async (kind: string): Promise<number> =>
  (await one.database.sql('select 1 from event where kind = $1', [kind])).length;

describe('two people who approve at the same moment on two replicas', () => {
  it('are both kept, and the promotion that asks for two starts once', async () => {
    const id = await promotionId();
    const approve = ({ app }: PromotionEngine, user: string) =>
      app.get(ApprovalCommands).approve(id, { gate: undefined, comment: undefined }, person(user));
    const decided = await whileAllWait(one, 2, () => [approve(one, 'bob'), approve(other, 'cleo')]);
    expect(decided.filter((each) => isRefusal(each))).toEqual([]);
    expect(await approvers()).toEqual(['bob', 'cleo']);
    await whileAllWait(one, 2, () => [one.advance(key), other.advance(key)]);
    expect([await told('promotion.approved'), await told('promotion.started')]).toEqual([2, 1]);
    expect(await one.database.sql('select state from promotion')).toEqual([{ state: 'ROLLING' }]);
  });

  it('are one approval each when the same two call again at once from both replicas', async () => {
    const id = await promotionId();
    const approve = ({ app }: PromotionEngine, user: string) =>
      app.get(ApprovalCommands).approve(id, { gate: 'approval', comment: undefined }, person(user));
    await whileAllWait(one, 4, () =>
      [one, other].flatMap((engine) => ['bob', 'cleo'].map((user) => approve(engine, user))),
    );
    expect(await approvers()).toEqual(['bob', 'cleo']);
    expect(await told('promotion.approved')).toBe(2);
  });

  it('would each see their own approval alone without the slot’s lock, and start nothing', async () => {
    const id = await promotionId();
    const seen = await atOnce(id);
    expect(seen).toEqual([1, 1]);
  });

  it('would start it twice without the lock and the version', async () => {
    const id = await promotionId();
    await atOnce(id);
    const meet = barrier();
    const start = ({ database: on }: PromotionEngine): Promise<number> =>
      on.transaction(async (tx) => {
        const [found] = await tx.sql<{ state: string }>('select state from promotion where id = $1', [id]);
        await meet();
        if (found?.state !== 'PENDING') return 0;
        return (await tx.sql("update promotion set state = 'ROLLING' where id = $1 returning id", [id]))
          .length;
      });
    expect(await Promise.all([start(one), start(other)])).toEqual([1, 1]);
  });
});

/** Two approvals written side by side as the hub writes them, but without the lock; answers how many each of them sees. */
function atOnce(id: bigint): Promise<number[]> {
  const [meet, part] = [barrier(), barrier()];
  const approve = ({ database: on }: PromotionEngine, user: string): Promise<number> =>
    on.transaction(async (tx) => {
      await tx.sql(
        `insert into approval (promotion_id, gate, release_id, approver)
         select id, 'approval', release_id, $2 from promotion where id = $1`,
        [id, user],
      );
      await meet();
      const { length } = await tx.sql('select 1 from approval where promotion_id = $1', [id]);
      await part(); // neither may have committed when the other looks
      return length;
    });
  return Promise.all([approve(one, 'bob'), approve(other, 'cleo')]);
}
