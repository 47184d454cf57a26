// The figures of delivery from rows in a real Postgres, against figures computed by hand. Times are hours since the
// beginning of the window.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { deliveryFigures } from '../../src/promotions/history/domain/delivery-figures.ts';
import type { FigureScope } from '../../src/promotions/history/history-store.ts';
import { PrismaHistoryStore } from '../../src/promotions/history/prisma-history-store.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { startTestHub } from '../support/hub.ts';

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const at = (hour: number | null): Date | null => (hour === null ? null : new Date(start + hour * HOUR_MS));
const window = { from: new Date(start), to: new Date(start + 240 * HOUR_MS) };
const hours = (ms: number | undefined): number => (ms ?? NaN) / HOUR_MS;
const everything: FigureScope = { application: undefined, environment: undefined };

let server: TestDatabase;
let database: PostgresDatabase;
let slots: Record<string, { application: bigint; environment: bigint }>;

beforeEach(async () => {
  server = await startTestDatabase();
  database = new PostgresDatabase(server.connectionString, silentLog);
  slots = {};
  for (const [application, environments] of [
    ['shop', ['prod', 'dev']],
    ['other', ['prod']],
  ] as const) {
    const id = await describeApplication(application);
    for (const environment of environments) await describeSlot(application, environment, id);
  }
});

afterEach(async () => {
  await database.close();
  await server.stop();
});

async function describeApplication(name: string): Promise<bigint> {
  const [row] = await database.sql<{ id: bigint }>(
    `with r as (insert into repository (url) values ($1) returning id), p as (insert into policy (name) values ($1) returning id)
     insert into application (name, repository_id, path, policy_id, sync_policy)
     select $1, r.id, '.', p.id, '{}' from r, p returning id`,
    [name],
  );
  for (let number = 1; number <= 14; number++) {
    await database.sql(
      `insert into release (application_id, number, commit, author, author_email, message, committed_at, source, source_digest)
       values ($1, $2, $3, 'Ada', 'ada@x', 'm', now(), '{}', '')`,
      [row!.id, number, `${name}-${number}`],
    );
  }
  return row!.id;
}

async function describeSlot(application: string, environment: string, id: bigint): Promise<void> {
  await database.sql(`insert into environment (name, selector) values ($1, '') on conflict do nothing`, [
    environment,
  ]);
  const [row] = await database.sql<{ environment: bigint }>(
    `insert into slot (application_id, environment_id) select $1, id from environment where name = $2
     returning environment_id environment`,
    [id, environment],
  );
  slots[`${application}/${environment}`] = { application: id, environment: row!.environment };
}

async function commits(release: number, ...committed: number[]): Promise<void> {
  await database.sql(
    `insert into release_commit (release_id, position, sha, author, author_email, message, committed_at)
     select r.id, t.position, t.position, 'Ada', 'ada@x', 'm', t.at
       from release r, unnest($2::timestamptz[]) with ordinality t(at, position)
      where r.application_id = $1 and r.number = $3`,
    [slots['shop/prod']!.application, committed.map(at), release],
  );
}

interface More {
  readonly intent?: string;
  readonly state?: string;
  readonly slot?: string;
  readonly revokedAt?: number;
  readonly rollbackOf?: bigint;
}

type Times = readonly [number, number | null, number | null];

async function promotion(
  release: number,
  [created, started, finished]: Times,
  { intent = 'FORWARD', state = 'SUCCEEDED', slot = 'shop/prod', revokedAt, rollbackOf }: More = {},
): Promise<bigint> {
  const { application, environment } = slots[slot]!;
  const [row] = await database.sql<{ id: bigint }>(
    `insert into promotion (application_id, environment_id, release_id, intent, state, requested_by, policy_revision_id,
       policy_revision, step, created_at, started_at, finished_at, rollback_of_id)
     select $1, $2, r.id, $4::"PromotionIntent", $5::"PromotionState", 'ada', 1, 1, '{}', $6, $7, $8, $9
       from release r where r.application_id = $1 and r.number = $3 returning id`,
    [
      application,
      environment,
      release,
      intent,
      state,
      at(created),
      at(started),
      at(finished),
      rollbackOf ?? null,
    ],
  );
  if (revokedAt !== undefined) {
    await database.sql(
      `insert into qualification (release_id, environment_id, promotion_id, state, revoked_at)
       select release_id, environment_id, id, 'REVOKED', $2 from promotion where id = $1`,
      [row!.id, at(revokedAt)],
    );
  }
  return row!.id;
}

async function gate(promotionId: bigint, name: string, waitedHours: number): Promise<void> {
  await database.sql(
    `insert into gate_result (promotion_id, gate, verdict, waited_ms) values ($1, $2, 'PASSED', $3)`,
    [promotionId, name, waitedHours * HOUR_MS],
  );
}

async function figures(scope: FigureScope = { application: 'shop', environment: 'prod' }) {
  return deliveryFigures(await new PrismaHistoryStore(database).history(scope, window), window);
}

/** The history that delivery-figures.test.ts describes, in rows, with the time before it and other slots around it. */
async function decade(): Promise<void> {
  await promotion(2, [-300, -300, -290], { state: 'FAILED' });
  await promotion(3, [-200, -200, -190]);
  await promotion(4, [-100, -100, -90]);
  await commits(3, -210);
  await commits(4, -110);
  await promotion(5, [0, null, 9], { state: 'SUPERSEDED' });
  const six = await promotion(6, [8, 10, 12]);
  const seven = await promotion(7, [20, 21, 23], { state: 'FAILED' });
  await promotion(6, [23, 23, 24], { intent: 'ROLLBACK', rollbackOf: seven });
  const eight = await promotion(8, [30, 30, 34]);
  await promotion(9, [50, 52, 53], { revokedAt: 60 });
  await promotion(10, [61, 61, 64], { intent: 'HOTFIX' });
  await promotion(11, [100, null, 105], { state: 'FAILED' });
  await promotion(12, [110, 112, 116], { state: 'FAILED' });
  await promotion(13, [111, null, 118], { state: 'SUPERSEDED' });
  await promotion(14, [230, 236, null], { state: 'ROLLING' });
  for (const [release, ...committed] of [
    [5, -2],
    [6, 7],
    [7, 18],
    [8, 26, 29],
    [9, 49],
    [10, 61],
    [12, 109],
  ] as const) {
    await commits(release, ...committed);
  }
  await gate(six, 'approval', 2);
  await gate(eight, 'approval', 4);
  await gate(eight, 'soak', 1);
  await gate(eight, 'window', 0);
  await database.sql(
    `insert into gate_override (promotion_id, gate, overridden_by, reason, at) values ($1, 'soak', 'ada', 'r', $2)`,
    [eight, at(29)],
  );
}

describe('the figures from the database', () => {
  it('equal those computed by hand', async () => {
    await decade();
    await promotion(4, [0, 0, 200], { slot: 'shop/dev' });
    await promotion(1, [0, 0, 150], { slot: 'other/prod', state: 'FAILED' });
    const found = await figures();
    expect({
      deployments: found.deployments,
      leadTime: [hours(found.leadTime?.p50Ms), hours(found.leadTime?.p90Ms), found.leadTime?.count],
      changeFailRate: found.changeFailRate,
      recovery: [
        hours(found.recoveryTime?.p50Ms),
        hours(found.recoveryTime?.p90Ms),
        found.recoveryTime?.count,
      ],
      openFailures: found.openFailures,
      reworkRate: found.reworkRate,
      queue: [hours(found.queueTime?.p50Ms), hours(found.queueTime?.p90Ms), found.queueTime?.count],
      waits: found.waitByGate.map((each) => [each.gate, hours(each.totalMs), hours(each.p50Ms), each.count]),
      overrides: found.overrides,
    }).toEqual({
      deployments: 4,
      leadTime: [5, 14.8, 7],
      changeFailRate: 0.5,
      recovery: [4, 100, 3],
      openFailures: 1,
      reworkRate: 0.25,
      queue: [2, 3.6, 7],
      waits: [
        ['approval', 6, 3, 2],
        ['soak', 1, 1, 1],
      ],
      overrides: 1,
    });
  });

  it('add the slots of a wider scope, each commit once for each slot', async () => {
    await promotion(5, [0, 0, 10]);
    await promotion(5, [0, 0, 4], { slot: 'shop/dev' });
    await promotion(1, [0, 0, 150], { slot: 'other/prod', state: 'FAILED' });
    await commits(5, 0);
    const all = await figures(everything);
    expect([all.deployments, all.openFailures, all.leadTime?.count, hours(all.leadTime?.p50Ms)]).toEqual([
      2, 1, 2, 7,
    ]);
    const prod = await figures({ application: undefined, environment: 'prod' });
    expect([prod.deployments, prod.openFailures]).toEqual([1, 1]);
  });

  it('begin with the failure that was open before the window', async () => {
    await promotion(3, [-50, -50, -40]);
    await promotion(4, [-30, -30, -20], { state: 'FAILED' });
    await promotion(5, [5, 5, 10]);
    await commits(4, -31);
    await commits(5, 0);
    const found = await figures();
    expect([hours(found.recoveryTime?.p50Ms), found.reworkRate, found.openFailures]).toEqual([30, 1, 0]);
    expect([found.leadTime?.count, hours(found.leadTime?.p50Ms)]).toEqual([2, 25.5]);
  });
});

describe('deliveryMetrics', () => {
  it('answers in durations, and names what does not exist', async () => {
    const hub = await startTestHub();
    try {
      const ask = (scope: string, to = '2026-03-11T00:00:00Z') =>
        hub.answer(
          `{ deliveryMetrics(${scope} from: "2026-03-01T00:00:00Z", to: "${to}") {
             deployments deploymentsPerDay leadTime { p50 p90 count } changeFailRate recoveryTime { p50 } openFailures
             reworkRate queueTime { p90 } waitByGate { gate total wait { p50 } } overrides } }`,
        );
      expect((await ask('')).data).toEqual({
        deliveryMetrics: {
          deployments: 0,
          deploymentsPerDay: 0,
          leadTime: null,
          changeFailRate: null,
          recoveryTime: null,
          openFailures: 0,
          reworkRate: null,
          queueTime: null,
          waitByGate: [],
          overrides: 0,
        },
      });
      const errors = [
        await ask('application: "shop",'),
        await ask('environment: "prod",'),
        await ask('', '2026-03-01T00:00:00Z'),
      ].map((answer) => answer.errors?.[0]?.extensions.code);
      expect(errors).toEqual(['NOT_FOUND', 'NOT_FOUND', 'INVALID']);
    } finally {
      await hub.stop();
    }
  });
});
