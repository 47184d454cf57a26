import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReleaseCommands } from '../../src/releases/release-commands.ts';
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
import { PromotionWorld } from './promotions-fixture.ts';

let database: TestDatabase;
let world: PromotionWorld;
let engine: PromotionEngine;
let other: PromotionEngine;
let key: SlotKey;

beforeAll(async () => {
  database = await startTestDatabase();
  world = await PromotionWorld.start({ FAIRLEAD_DATABASE_URL: database.connectionString });
  const waves = [{ name: 'canary', count: 1 }, { name: 'rest' }];
  await world.policy([{ environment: 'prod', waves, onFailure: { rollback: 'ENVIRONMENT' } }]);
  await world.ship('1');
  await world.ship('2');
  await world.hub.stop();
  engine = await startPromotionEngine(database.connectionString);
  other = await startPromotionEngine(database.connectionString);
  key = await slotOfShop(engine.database);
}, 60_000);

beforeEach(async () => {
  await forgetPromotions(engine.database);
  // Without the release's bundles they have to be rendered when it is to start.
  for (const table of ['promotion_target', 'instance', 'environment_member', 'cluster', 'release_bundle']) {
    await engine.database.sql(`delete from ${table}`);
  }
});

// What one test had in store for a rendering that never came is not for the next.
afterEach(() => vi.restoreAllMocks());

afterAll(async () => {
  await engine.stop();
  await other.stop();
  await database.stop();
  world.repository.remove();
});

/** The next rendering for the slot knows nothing of what `meanwhile` does, and ends after it. */
function onceRendered(meanwhile: () => Promise<unknown>): void {
  const releases = engine.app.get(ReleaseCommands);
  const ensure = releases.ensureBundles.bind(releases);
  vi.spyOn(releases, 'ensureBundles').mockImplementationOnce(async (...slot) => {
    const rendered = await ensure(...slot);
    await meanwhile();
    return rendered;
  });
}

/** `cluster: wave, state, given release`, of the running promotion. */
async function targets(): Promise<readonly string[]> {
  const rows = await engine.database.sql<{ line: string }>(
    `select c.name || ': ' || w.name || ', ' || t.state || ', ' || coalesce(i.release_number::text, 'nothing') line
       from promotion_target t join promotion_wave w on w.id = t.wave_id join cluster c on c.id = t.cluster_id
       join promotion p on p.id = t.promotion_id join instance i on i.id = t.instance_id
      where p.state in ('ROLLING', 'PAUSED', 'VERIFYING') order by c.name`,
  );
  return rows.map(({ line }) => line);
}

async function messages(): Promise<readonly string[]> {
  const rows = await engine.database.sql<{ message: string }>(
    'select message from promotion_target order by cluster_id',
  );
  return rows.map(({ message }) => message);
}

async function states(): Promise<readonly string[]> {
  const rows = await engine.database.sql<{ state: string }>('select state from promotion order by id');
  return rows.map(({ state }) => state);
}

/** c0001 runs the first release, which is verified, and the second one is asked for. */
async function theSecondIsAskedFor(): Promise<void> {
  await addClusters(engine.database, 1, 1);
  await engine.promote(1);
  await engine.advance(key);
  await report(engine.database, null);
  await engine.advance(key);
  await engine.promote(2);
}

/** c0001 has been given the second release; c0002 joined when that was rendered. */
async function joinsWhileTheSecondStarts(): Promise<void> {
  await theSecondIsAskedFor();
  onceRendered(() => addClusters(engine.database, 2, 2));
  await engine.advance(key);
  expect(await targets()).toEqual(['c0001: canary, ASSIGNED, 2', 'c0002: rest, PENDING, nothing']);
}

describe('a cluster that joins while the release is rendered for its environment', () => {
  it('has a place at once, and gets its bundle with the next look', async () => {
    await addClusters(engine.database, 1, 2);
    await engine.promote(1);
    onceRendered(() => addClusters(engine.database, 3, 3));
    await engine.advance(key);
    expect(
      await engine.database.sql(`select from outbox where topic = 'gates.changed'`),
      'asked for another look',
    ).toHaveLength(1);
    expect(await targets()).toEqual([
      'c0001: canary, ASSIGNED, 1',
      'c0002: rest, PENDING, nothing',
      'c0003: rest, PENDING, nothing',
    ]);
    await engine.advance(key);
    for (let wave = 0; wave < 2; wave += 1) {
      await report(engine.database, null);
      await engine.advance(key);
    }
    expect(await states()).toEqual(['SUCCEEDED']);
    const given = await engine.database.sql('select 1 from instance where release_number = 1');
    expect(given).toHaveLength(3);
  });

  it('holds the wave that it is in until then, and nothing is paused', async () => {
    await engine.promote(1);
    onceRendered(() => addClusters(engine.database, 1, 1));
    await engine.advance(key);
    expect(await targets()).toEqual(['c0001: canary, PENDING, nothing']);
    expect(await states()).toEqual(['ROLLING']);
    await engine.advance(key);
    expect(await targets()).toEqual(['c0001: canary, ASSIGNED, 1']);
  });

  it('is found by the sweep, where the notice of it was lost', async () => {
    // With another that is assigned the promotion has a moment of its own, by which no sweep looks for it.
    await joinsWhileTheSecondStarts();
    expect(await engine.app.get(PromotionStore).slotsThatWait()).toEqual([key]);
    await engine.advance(key);
    expect(await engine.app.get(PromotionStore).slotsThatWait()).toEqual([]);
  });

  it('is waited for while its bundle cannot be had, until its deadline, and tried on even after that', async () => {
    await engine.promote(1);
    onceRendered(() => addClusters(engine.database, 1, 1));
    await engine.advance(key);
    const timeout = { code: 'REPOSITORY_TIMEOUT', message: 'The repository does not answer.' };
    const [cluster] = await engine.database.sql<{ id: bigint }>('select id from cluster');
    const without = { bundles: new Map(), errors: new Map([[cluster!.id, timeout]]) };
    vi.spyOn(engine.app.get(ReleaseCommands), 'ensureBundles').mockResolvedValueOnce(without);
    await engine.advance(key);
    expect(await targets()).toEqual(['c0001: canary, PENDING, nothing']);
    expect(await messages()).toEqual([timeout.message]);
    await engine.database.sql("update promotion_target set deadline_at = now() - interval '1 s'");
    await engine.advance(key);
    expect(await targets()).toEqual(['c0001: canary, SKIPPED, nothing']);
    expect(await messages()).toEqual([`No bundle could be rendered for it in time. ${timeout.message}`]);
    expect(await states()).toEqual(['PAUSED']);
    const [paused] = await engine.database.sql<{ reasons: unknown }>(
      'select pause_reasons reasons from promotion',
    );
    expect(paused?.reasons).toMatchObject([
      { kind: 'EMPTY', message: expect.stringContaining('cannot be rendered for any cluster') as string },
    ]);
    // Another process has not just tried in vain, so it does not rest.
    await other.advance(key);
    await other.advance(key);
    expect(await targets()).toEqual(['c0001: canary, ASSIGNED, 1']);
    expect(await states()).toEqual(['ROLLING']);
  });

  it('holds up nobody else, whatever goes wrong with its bundle', async () => {
    await joinsWhileTheSecondStarts();
    await report(engine.database, null);
    vi.spyOn(engine.app.get(ReleaseCommands), 'ensureBundles').mockRejectedValueOnce(
      new Error('the disk is full'),
    );
    await expect(engine.advance(key)).rejects.toThrow('the disk is full');
    expect(await targets()).toEqual(['c0001: canary, READY, 2', 'c0002: rest, PENDING, nothing']);
    const waves = await engine.database.sql(
      'select name, state from promotion_wave order by id desc limit 2',
    );
    expect(waves).toEqual([
      { name: 'rest', state: 'IN_PROGRESS' },
      { name: 'canary', state: 'PASSED' },
    ]);
  });

  it('leaves the release that failed with the others, though it was given it while they were made ready to return', async () => {
    await theSecondIsAskedFor();
    await engine.advance(key);
    await report(engine.database, null, { sync: 'SYNCED', health: 'DEGRADED', agoMs: 5000 });
    // It joins while the rollback is prepared, and is given what ran.
    onceRendered(async () => {
      await addClusters(engine.database, 2, 2);
      await engine.database.sql(
        `update instance set (release_id, release_number, bundle_digest, promotion_id, generation) =
           (select i.release_id, i.release_number, i.bundle_digest, i.promotion_id, i.generation
              from instance i where i.release_id is not null limit 1)
          where release_id is null`,
      );
    });
    await engine.advance(key);
    await engine.advance(key);
    expect(await targets()).toEqual(['c0001: rollback, ASSIGNED, 1', 'c0002: rollback, ASSIGNED, 1']);
  });
});

describe('a policy that is saved while a promotion is pending', () => {
  const approval = { kind: 'approval', name: 'people', count: 1, roles: null };
  const gate = { ...approval, notRequester: false, notAuthor: false, expiresMs: 60_000 };

  /** Saved, and nobody has told the promotions yet. */
  async function save(gates: readonly object[]): Promise<void> {
    await engine.database.sql(
      `with saved as (
         insert into policy_revision (policy_id, revision, steps, environments, created_by)
         select policy_id, revision + 1, jsonb_set(steps, '{0,gates}', $1::jsonb), environments, 'ada'
           from policy_revision order by revision desc limit 1 returning policy_id, revision
       )
       update policy p set current_revision = s.revision from saved s where p.id = s.policy_id`,
      [JSON.stringify(gates)],
    );
  }
  afterEach(() => save([]));

  it('holds for its next look already', async () => {
    await addClusters(engine.database, 1, 1);
    await engine.promote(1);
    await save([gate]);
    await engine.advance(key);
    expect(await states()).toEqual(['PENDING']);
    await save([]);
    await engine.advance(key);
    expect(await states()).toEqual(['ROLLING']);
  });

  it('holds for the start itself, where it comes while the release is rendered', async () => {
    await addClusters(engine.database, 1, 1);
    await engine.promote(1);
    onceRendered(() => save([gate]));
    await engine.advance(key);
    expect(await states()).toEqual(['PENDING']);
  });
});
