// The hub's promotion engine without its doors and its clock: a test moves a slot by hand, on a database that it shares
// with other engines. What agents would report is written straight into their status.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HubModule } from '../../src/hub.module.ts';
import { openPlatform } from '../../src/open-platform.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { PromotionCommands } from '../../src/promotions/promotion-commands.ts';
import type { SlotKey } from '../../src/promotions/promotion-store.ts';
import { RolloutRules } from '../../src/promotions/rollout-rules.ts';
import { SlotAdvancer } from '../../src/promotions/slot-advancer.ts';
import { until } from './until.ts';

/** One process' worth of engine. */
export interface PromotionEngine {
  readonly database: Database;
  readonly app: NestFastifyApplication;
  /** Moves the slot as far as it can go now. */
  advance(key: SlotKey): Promise<void>;
  /** The same release asked for again is the same request. */
  promote(release: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a database that a hub has filled; resolves once its clock counts. */
export async function startPromotionEngine(
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<PromotionEngine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-engine-'));
  const platform = await openPlatform(
    readSettings({
      FAIRLEAD_DATABASE_URL: databaseUrl,
      FAIRLEAD_DATA_DIR: dataDir,
      FAIRLEAD_ROLE: 'api',
      FAIRLEAD_ADMIN_TOKEN: 'admin-token-of-the-tests-0001',
      FAIRLEAD_SECRET_KEY: 'secret-key-of-the-tests-0001',
      FAIRLEAD_FILE_REPOSITORIES: tmpdir(),
      FAIRLEAD_LOG_LEVEL: process.env['FAIRLEAD_LOG_LEVEL'] ?? 'error',
      FAIRLEAD_STALE_AFTER: '1s',
      FAIRLEAD_HEALTH_GRACE: '1s',
      ...environment,
    }),
  );
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(HubModule.forRoot(platform), adapter, {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  const rules = app.get(RolloutRules);
  const counts = () => platform.database.transaction(async (tx) => (await rules.now(tx)).clockCounts);
  await until('the clock to count', counts);
  return {
    database: platform.database,
    app,
    advance: (key) => app.get(SlotAdvancer).advance(key),
    promote: async (release) => {
      const slot = { application: 'shop', environment: 'prod', requestedBy: 'ada' };
      const idempotencyKey = `release ${release}`;
      await app.get(PromotionCommands).promote({ ...slot, release, intent: 'FORWARD', idempotencyKey });
    },
    stop: async () => {
      await app.close();
      await platform.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The slot of `shop` in `prod`. */
export async function slotOfShop({ sql }: Pick<Database, 'sql'>): Promise<SlotKey> {
  const [key] = await sql<SlotKey>(
    `select a.id "applicationId", e.id "environmentId" from application a, environment e where a.name = 'shop' and e.name = 'prod'`,
  );
  if (!key) throw new Error('There is no slot of shop in prod.');
  return key;
}

/** More clusters of `prod`, joined, online, and with nothing yet. */
export async function addClusters({ sql }: Pick<Database, 'sql'>, from: number, to: number): Promise<void> {
  await sql(
    `with joined as (
       insert into cluster (name, labels, label_kv, kube_system_uid, public_key, join_token_id, accepted_at)
       select 'c' || lpad(n::text, 4, '0'), '{"env":"prod"}', '{env=prod,env}', 'uid-' || n, 'key-' || n, 0, now()
         from generate_series($1::int, $2::int) n returning id
     ), heard as (
       insert into cluster_rollup (cluster_id, last_seen_at, announced) select id, now() + interval '1 day', 'ONLINE' from joined
     ), members as (
       insert into environment_member (environment_id, cluster_id)
       select e.id, j.id from joined j, environment e where e.name = 'prod'
     )
     insert into instance (tracking_id, application_id, environment_id, cluster_id, application_name, environment_name)
     select md5(j.id::text), a.id, e.id, j.id, a.name, e.name
       from joined j, application a, environment e where a.name = 'shop' and e.name = 'prod'`,
    [from, to],
  );
}

/** What the agents of these clusters say of what they are assigned now; `null`: of all that have something new. */
export async function report(
  { sql }: Pick<Database, 'sql'>,
  clusters: readonly string[] | null,
  verdict: { readonly sync: string; readonly health: string; readonly agoMs?: number } = wellVerdict,
): Promise<number> {
  const rows = await sql<{ id: bigint }>(
    `insert into instance_status (instance_id, cluster_id, application_id, environment_id, generation, bundle_digest,
        release_number, sync, health, content_hash, session, sequence, reported_at, changed_at)
     select i.id, i.cluster_id, i.application_id, i.environment_id, i.generation, i.bundle_digest, i.release_number,
            $2::"SyncStatus", $3::"Health", md5(random()::text), 1, 1, now(), now() - $4 * interval '1 ms'
       from instance i join cluster c on c.id = i.cluster_id
       left join instance_status s on s.instance_id = i.id
      where i.bundle_digest is not null and i.tombstone is null and ($1::text[] is null or c.name = any($1))
        and ($1::text[] is not null or s.generation is distinct from i.generation)
     on conflict (instance_id) do update
       set generation = excluded.generation, bundle_digest = excluded.bundle_digest, release_number = excluded.release_number,
           sync = excluded.sync, health = excluded.health, reported_at = now(), changed_at = excluded.changed_at
     returning instance_id id`,
    [clusters, verdict.sync, verdict.health, verdict.agoMs ?? 0],
  );
  return rows.length;
}

const wellVerdict = { sync: 'SYNCED', health: 'HEALTHY' } as const;

/** Everything that the engine decided, without the ids and times that differ from run to run. */
export async function standing({ sql }: Pick<Database, 'sql'>): Promise<unknown> {
  const [row] = await sql<{ standing: unknown }>(`
    select json_build_object(
      'promotions', (select json_agg(json_build_array(r.number, p.intent, p.state, p.outcome, p.pause_reasons <> '[]',
                        (select number from release where id = p.previous_release_id), o.state) order by p.id)
                       from promotion p join release r on r.id = p.release_id left join promotion o on o.id = p.rollback_of_id),
      'waves', (select json_agg(json_build_array(w.name, w.state) order by w.promotion_id, w.position) from promotion_wave w),
      'targets', (select json_agg(json_build_array(c.name, t.state, t.generation) order by t.promotion_id, c.name)
                    from promotion_target t join cluster c on c.id = t.cluster_id),
      'instances', (select json_agg(json_build_array(c.name, i.release_number, i.generation) order by c.name)
                      from instance i join cluster c on c.id = i.cluster_id),
      'slot', (select json_agg(json_build_array(r.number, v.number, s.current_promotion_id is null, s.hold_reason))
                 from slot s left join release r on r.id = s.current_release_id left join release v on v.id = s.verified_release_id),
      'qualified', (select json_agg(json_build_array(r.number, q.state) order by q.sequence) from qualification q join release r on r.id = q.release_id),
      'events', (select json_agg(json_build_array(kind, message) order by id) from event where kind like 'promotion.%')) standing`);
  return row?.standing;
}

/** Back to the moment before anything was promoted. */
export async function forgetPromotions({ sql }: Pick<Database, 'sql'>): Promise<void> {
  for (const table of ['promotion', 'qualification', 'slot', 'instance_status', 'event', 'outbox']) {
    await sql(`delete from ${table}`);
  }
  await sql(
    `update instance set release_id = null, release_number = null, bundle_digest = null, promotion_id = null, generation = 0, settings = '{}'`,
  );
  await sql('update cluster set desired_generation = 0');
}
