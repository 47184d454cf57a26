import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserPrincipal } from '../../src/access/domain/caller.ts';
import { Automation } from '../../src/promotions/automation.ts';
import { PauseCommands } from '../../src/promotions/decisions/pause-commands.ts';
import { PromotionCommands } from '../../src/promotions/promotion-commands.ts';
import { PromotionExplanations } from '../../src/promotions/promotion-explanations.ts';
import { PromotionStore, type SlotKey } from '../../src/promotions/promotion-store.ts';
import {
  addClusters,
  forgetPromotions,
  report,
  slotOfShop,
  startPromotionEngine,
  type PromotionEngine,
} from '../support/promotion-engine.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { shiftClock } from '../support/shifted-clock.ts';
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let one: PromotionEngine;
let other: PromotionEngine;
let key: SlotKey;

/** Long enough that nothing here can be told by it. */
const grace = { FAIRLEAD_HEALTH_GRACE: '10m' };

beforeAll(async () => {
  database = await startTestDatabase();
  const world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  await world.policy([
    { environment: 'prod', trigger: 'AUTOMATIC', onFailure: { rollback: 'ENVIRONMENT', hold: false } },
  ]);
  for (const version of ['1', '2', '3', '4', '5']) await world.ship(version);
  await world.stop();
  one = await startPromotionEngine(database.connectionString, grace);
  other = await startPromotionEngine(database.connectionString, grace);
  await addClusters(one.database, 1, 2);
  key = await slotOfShop(one.database);
}, 60_000);

beforeEach(() => forgetPromotions(one.database));
afterEach(() => shiftClock(0));
afterAll(async () => {
  await one.stop();
  await other.stop();
  await database.stop();
});

const refused = (agoMs: number) => ({ sync: 'FAILED', health: 'MISSING', agoMs });
const ill = (agoMs: number) => ({ sync: 'SYNCED', health: 'DEGRADED', agoMs });
const ada: UserPrincipal = {
  kind: 'user',
  name: 'admin',
  user: 'ada',
  role: 'ADMIN',
  emails: [],
  tokenId: null,
  validUntil: undefined,
};

/** `INTENT release STATE` of all promotions, oldest first. */
async function story(): Promise<readonly string[]> {
  const rows = await one.database.sql<{ told: string }>(
    `select p.intent || ' ' || r.number || ' ' || p.state told
       from promotion p join release r on r.id = p.release_id order by p.id`,
  );
  return rows.map(({ told }) => told);
}

async function rolls(release: number): Promise<void> {
  await one.promote(release);
  await one.advance(key);
}

async function succeeds(release: number): Promise<void> {
  await rolls(release);
  await report(one.database, null);
  await one.advance(key);
}

/** It fails, and whatever it was taken back to is well. */
async function fails(release: number): Promise<void> {
  await rolls(release);
  await report(one.database, ['c0001'], refused(60_000));
  await Promise.all([one.advance(key), other.advance(key)]);
  await report(one.database, ['c0001', 'c0002']);
  await Promise.all([one.advance(key), other.advance(key)]);
}

const held = async (): Promise<unknown> =>
  (await one.database.sql<{ reason: string | null }>('select hold_reason reason from slot'))[0]?.reason;

describe('a refused apply', () => {
  it('fails once its agent has tried again, long before the grace of ill health is over', async () => {
    await rolls(1);
    await report(one.database, ['c0001'], refused(30_000));
    await one.advance(key);
    expect(await story()).toEqual(['FORWARD 1 ROLLING']);
    const [due] = await one.database.sql<{ inMs: number }>(
      `select extract(epoch from due_at - now())::float8 * 1000 "inMs" from promotion`,
    );
    expect(due?.inMs).toBeGreaterThan(5_000);
    expect(due?.inMs).toBeLessThan(15_500);
    await one.database.sql(`update promotion_target set unwell_since = unwell_since - interval '16 seconds'`);
    await one.advance(key);
    expect(await story()).toEqual(['FORWARD 1 FAILED']);
  });

  it('has the whole grace where the release was well before, as ill health has in any case', async () => {
    await rolls(1);
    await report(one.database, ['c0001']);
    await one.advance(key);
    await report(one.database, ['c0001'], refused(60_000));
    await report(one.database, ['c0002'], ill(60_000));
    await one.advance(key);
    expect(await story()).toEqual(['FORWARD 1 ROLLING']);
  });
});

describe('a release that failed', () => {
  it('is rolled back by itself once, however many replicas look, and a rollback never', async () => {
    await succeeds(1);
    await rolls(2);
    await report(one.database, ['c0001'], refused(60_000));
    await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? one : other).advance(key)));
    expect(await story()).toEqual(['FORWARD 1 SUCCEEDED', 'FORWARD 2 FAILED', 'ROLLBACK 1 ROLLING']);
    await report(one.database, ['c0001', 'c0002'], refused(60_000));
    await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? one : other).advance(key)));
    expect(await story()).toEqual(['FORWARD 1 SUCCEEDED', 'FORWARD 2 FAILED', 'ROLLBACK 1 PAUSED']);
  });

  it('is not tried again by automation', async () => {
    const automate = () =>
      Promise.all([one, other].map(({ app }) => app.get(Automation).run(key.applicationId)));
    await automate();
    await one.advance(key);
    await report(one.database, ['c0001'], refused(60_000));
    await one.advance(key);
    await automate();
    expect(await one.app.get(PromotionStore).applicationsToAutomate()).toEqual([]);
    expect(await story()).toEqual(['FORWARD 5 FAILED']);
  });

  it('is held back alone where newer ones may come, and the newest that failed takes its place', async () => {
    await succeeds(1);
    await fails(2);
    expect(await held()).toBe('Release 2 failed here and was rolled back.');
    await fails(3);
    expect(await held()).toBe('Release 3 failed here and was rolled back.');
    await succeeds(4);
    expect((await story()).at(-1)).toBe('FORWARD 4 SUCCEEDED');
    expect(await held()).toBeNull();
  });
});

describe('a release that a hotfix has overtaken', () => {
  it('gives way to it instead of taking it back, and stays where the hotfix fails and is taken back', async () => {
    await succeeds(1);
    await one.database.sql(`update slot set hold_reason = 'wait', hold_by = 'ada', hold_at = now()`);
    await rolls(2);
    const hotfix = {
      application: 'shop',
      environment: 'prod',
      requestedBy: 'ada',
      intent: 'HOTFIX',
    } as const;
    await one.app.get(PromotionCommands).promote({ ...hotfix, release: 3, reason: 'urgent' });
    await one.advance(key);
    await report(one.database, ['c0001'], refused(60_000));
    await one.advance(key);
    await report(one.database, null);
    await one.advance(key);
    expect((await story()).slice(1)).toEqual([
      'FORWARD 2 PENDING',
      'HOTFIX 3 FAILED',
      'ROLLBACK 1 SUCCEEDED',
    ]);
    await one.app.get(PromotionCommands).promote({ ...hotfix, release: 4, reason: 'urgent' });
    await one.advance(key);
    expect((await story()).slice(1, 2)).toEqual(['FORWARD 2 PENDING']);
    await report(one.database, null);
    await one.database.sql('update slot set hold_reason = null');
    await one.advance(key);
    await other.advance(key);
    expect(await story()).toEqual([
      'FORWARD 1 SUCCEEDED',
      'FORWARD 2 SUPERSEDED',
      'HOTFIX 3 FAILED',
      'ROLLBACK 1 SUCCEEDED',
      'HOTFIX 4 SUCCEEDED',
    ]);
    const [by] = await one.database.sql<{ number: number }>(
      `select r.number from promotion p join promotion s on s.id = p.superseded_by_id join release r on r.id = s.release_id`,
    );
    expect(by?.number).toBe(4);
  });
});

describe('a release that changes nothing here', () => {
  it('still needs a healthy environment', async () => {
    await succeeds(1);
    const bundles = await one.database.sql<{ digest: string; id: bigint }>(
      `select b.bundle_digest digest, b.release_id id from release_bundle b join release r on r.id = b.release_id
        where r.number in (1, 2) order by r.number`,
    );
    const [first, second] = bundles;
    if (!first || !second) throw new Error('Two releases have bundles.');
    const give = (digest: string) =>
      one.database.sql('update release_bundle set bundle_digest = $1 where release_id = $2', [
        digest,
        second.id,
      ]);
    await give(first.digest);
    try {
      await report(one.database, ['c0001'], ill(0));
      await rolls(2);
      await report(one.database, ['c0002']);
      await one.advance(key);
      expect(await story()).toEqual(['FORWARD 1 SUCCEEDED', 'FORWARD 2 ROLLING']);
      await report(one.database, ['c0001']);
      await one.advance(key);
      expect(await story()).toEqual(['FORWARD 1 SUCCEEDED', 'FORWARD 2 SUCCEEDED']);
    } finally {
      await give(second.digest);
    }
  });
});

describe('a clock that jumps', () => {
  it.each([-3, 3])(
    'by %i hours during a pause takes nothing from a deadline and adds nothing',
    async (hours) => {
      await rolls(1);
      const deadline = async (): Promise<number> => {
        const [row] = await one.database.sql<{ at: Date }>(
          'select min(deadline_at) at from promotion_target',
        );
        return row?.at.getTime() ?? 0;
      };
      const before = await deadline();
      const [open] = await one.database.sql<{ id: bigint }>('select id from promotion');
      const id = open?.id ?? 0n;
      shiftClock(hours * 3_600_000);
      await one.app.get(PauseCommands).pause(id, 'look', ada);
      shiftClock(0);
      await other.app.get(PauseCommands).resume(id, ada);
      expect(Math.abs((await deadline()) - before)).toBeLessThan(60_000);
      expect(await story()).toEqual(['FORWARD 1 ROLLING']);
    },
  );
});

describe('a release that cannot be rendered', () => {
  it('waits, and says for which clusters and why since the first try, whoever asks', async () => {
    await one.database.sql(
      'delete from release_bundle b using release r where r.id = b.release_id and r.number = 5',
    );
    await rolls(5);
    const [recorded] = await one.database.sql<{ since: Date }>(
      `select since from gate_result where gate = 'source' and verdict = 'WAITING'`,
    );
    await other.advance(key);
    expect(await story()).toEqual(['FORWARD 5 PENDING']);
    const store = other.app.get(PromotionStore);
    const open = await other.database.transaction((tx) => store.openPromotions(tx, key));
    const [{ waits } = { waits: [] }] = await other.app.get(PromotionExplanations).ofPromotions(open);
    expect(waits).toMatchObject([
      {
        kind: 'SOURCE',
        message: expect.stringMatching(/Release 5 cannot be rendered for c0001, c0002: /) as string,
        since: recorded?.since,
      },
    ]);
  });
});
