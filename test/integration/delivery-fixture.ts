// A fleet in a real database, and delivery's own parts on it, without the doors in front of them.
import { createHash, randomUUID } from 'node:crypto';
import { OutboxActivityLog } from '../../src/activity/outbox-activity-log.ts';
import { OutboxBell } from '../../src/activity/outbox-bell.ts';
import { PrismaActivityStore } from '../../src/activity/prisma-activity-store.ts';
import type { AgentPrincipal } from '../../src/clusters/domain/agent-principal.ts';
import type { FleetScope, RemovalConsent } from '../../src/clusters/fleet-membership-port.ts';
import { PrismaFleetLock } from '../../src/clusters/prisma-fleet-lock.ts';
import { AgentBell } from '../../src/delivery/agent-bell.ts';
import { DeliveryCommands } from '../../src/delivery/delivery-commands.ts';
import { FleetFollower } from '../../src/delivery/fleet-follower.ts';
import { PrismaAgentFeedStore } from '../../src/delivery/prisma-agent-feed-store.ts';
import { PrismaAssignmentStore } from '../../src/delivery/prisma-assignment-store.ts';
import { PrismaMembershipStore } from '../../src/delivery/prisma-membership-store.ts';
import { PrismaReportStore } from '../../src/delivery/prisma-report-store.ts';
import { ReportCommands } from '../../src/delivery/report-commands.ts';
import { ReportIngestion } from '../../src/delivery/report-ingestion.ts';
import { DriftKeeper } from '../../src/drift/drift-keeper.ts';
import { DriftTally } from '../../src/drift/drift-tally.ts';
import { PrismaDriftStore } from '../../src/drift/prisma-drift-store.ts';
import { EnvironmentMemberCommands } from '../../src/environments/environment-member-commands.ts';
import { PrismaEnvironmentStore } from '../../src/environments/prisma-environment-store.ts';
import { SystemClock } from '../../src/platform/clock.ts';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { PinoLog } from '../../src/platform/logging/pino-log.ts';
import { Metrics } from '../../src/platform/metrics/metrics.ts';
import { PostgresPubSub } from '../../src/platform/pubsub/postgres-pub-sub.ts';
import type { InstanceReport } from '@fairlead/protocol/report';
import type { Refusal } from '../../src/platform/refusal.ts';
import { startTestDatabase } from '../support/postgres.ts';

/** Delivery on a database of its own. */
export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/** An instance's row, as far as tests look at it. */
export interface InstanceRow {
  readonly id: bigint;
  readonly tracking_id: string;
  readonly application_name: string;
  readonly environment_name: string;
  readonly cluster: string;
  readonly generation: bigint;
  readonly bundle_digest: string | null;
  readonly tombstone: string | null;
  readonly approved_prune: bigint | null;
  readonly sync: string | null;
  readonly health: string | null;
  readonly status_release: number | null;
}

/** On a database of its own, or on that of a hub, beside it. */
export async function startFleet(connectionString?: string) {
  const testDatabase =
    connectionString === undefined
      ? await startTestDatabase()
      : { connectionString, stop: () => Promise.resolve() };
  const log = new PinoLog('error');
  const database = new PostgresDatabase(testDatabase.connectionString, log);
  const pubSub = new PostgresPubSub(testDatabase.connectionString, database, log);
  await pubSub.start();
  const activity = new OutboxActivityLog(
    new PrismaActivityStore(database),
    new OutboxBell({ role: 'api' } as ConstructorParameters<typeof OutboxBell>[0], pubSub),
  );
  const bell = new AgentBell(pubSub);
  const follower = new FleetFollower(
    new PrismaMembershipStore(),
    new EnvironmentMemberCommands(new PrismaEnvironmentStore(database)),
    new PrismaFleetLock(),
    activity,
    bell,
    log,
  );
  const feed = new PrismaAgentFeedStore(database);
  const drift = new DriftKeeper(database, new PrismaDriftStore(), activity, new DriftTally(new Metrics()));
  const ingestion = new ReportIngestion(database, new PrismaReportStore(), drift, activity, log);
  return {
    database,
    pubSub,
    activity,
    feed,
    ingestion,
    drift,
    sql: database.sql,
    connectionString: testDatabase.connectionString,
    delivery: new DeliveryCommands(database, new PrismaAssignmentStore(), activity, bell, log),
    reports: new ReportCommands(database, feed, ingestion, activity, new SystemClock(), log),
    follow: (scope: FleetScope, consent: RemovalConsent = { prune: false }): Promise<Refusal | undefined> =>
      database.transaction((tx) => follower.follow(tx, scope, consent)),
    /** What a join in the place of another cluster does, before it is committed: the session is over, what it said is forgotten. */
    replaceCluster: (id: bigint, beforeCommit?: () => Promise<void>): Promise<void> =>
      database.transaction(async (tx) => {
        await tx.sql('update cluster set session = session + 1 where id = $1', [id]);
        await follower.forgetReports(tx, id);
        await beforeCommit?.();
      }),
    stop: async () => {
      await pubSub.close();
      await database.close();
      await testDatabase.stop();
    },
  };
}

/** SHA-256 of a word, as the digest of a bundle that nobody reads. */
export const digestOf = (word: string): string => createHash('sha256').update(word).digest('hex');

/** Accepted clusters with a label `env`, and the environments, policy and applications that lead to them. */
export async function seedFleet(
  { sql }: Pick<Fleet, 'sql'>,
  { clusters, environments, applications }: FleetSeed,
): Promise<SeededFleet> {
  const clusterIds = await insertClusters(sql, clusters);
  const environmentIds = new Map<string, bigint>();
  for (const name of environments) {
    const [row] = await sql<{ id: bigint }>(
      'insert into environment (name, selector) values ($1, $2) returning id',
      [name, `env=${name}`],
    );
    environmentIds.set(name, row!.id);
  }
  const policyId = await insertPolicy(sql, environments);
  const applicationIds = new Map<string, bigint>();
  for (const name of applications) applicationIds.set(name, await insertApplication(sql, name, policyId));
  return { clusterIds, environmentIds, applicationIds, policyId };
}

export interface FleetSeed {
  /** Name of the cluster → its `env` label. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly environments: readonly string[];
  readonly applications: readonly string[];
}

export interface SeededFleet {
  readonly clusterIds: ReadonlyMap<string, bigint>;
  readonly environmentIds: ReadonlyMap<string, bigint>;
  readonly applicationIds: ReadonlyMap<string, bigint>;
  readonly policyId: bigint;
}

async function insertClusters(
  sql: Fleet['sql'],
  clusters: Readonly<Record<string, string>>,
): Promise<Map<string, bigint>> {
  const names = Object.keys(clusters);
  const rows = await sql<{ id: bigint; name: string }>(
    `insert into cluster (name, labels, label_kv, kube_system_uid, public_key, join_token_id, accepted_at, session)
     select name, jsonb_build_object('env', env), array['env', 'env=' || env], 'uid ' || name, 'key ' || name, 0, now(), 1
       from unnest($1::text[], $2::text[]) as t(name, env) returning id, name`,
    [names, Object.values(clusters)],
  );
  await sql(
    'insert into cluster_rollup (cluster_id, last_seen_at) select id, now() from unnest($1::bigint[]) id',
    [rows.map(({ id }) => id)],
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

async function insertPolicy(sql: Fleet['sql'], environments: readonly string[]): Promise<bigint> {
  const [policy] = await sql<{ id: bigint }>(
    'insert into policy (name, current_revision) values ($1, 0) returning id',
    [`policy-${randomUUID()}`],
  );
  await revisePolicy({ sql }, policy!.id, environments);
  return policy!.id;
}

/** A new revision that leads to these environments. */
export async function revisePolicy(
  { sql }: Pick<Fleet, 'sql'>,
  policyId: bigint,
  environments: readonly string[],
): Promise<void> {
  await sql(
    `with raised as (update policy set current_revision = current_revision + 1 where id = $1 returning current_revision)
     insert into policy_revision (policy_id, revision, steps, environments, created_by)
     select $1, current_revision, '[]', $2, 'test' from raised`,
    [policyId, environments],
  );
}

const syncPolicy = {
  prune: true,
  drift: 'HEAL',
  environments: [],
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
  extraObjects: false,
};

async function insertApplication(sql: Fleet['sql'], name: string, policyId: bigint): Promise<bigint> {
  const [application] = await sql<{ id: bigint }>(
    `with repository as (insert into repository (url) values ($1) returning id)
     insert into application (name, repository_id, path, policy_id, sync_policy)
     select $2, id, '.', $3, $4 from repository returning id`,
    [`file:///${randomUUID()}`, name, policyId, JSON.stringify(syncPolicy)],
  );
  return application!.id;
}

/** A release of the application, with its bundle; answers its id. */
export async function insertRelease(
  { sql }: Pick<Fleet, 'sql'>,
  applicationId: bigint,
  number: number,
): Promise<bigint> {
  const [release] = await sql<{ id: bigint }>(
    `insert into release (application_id, number, "commit", author, author_email, message, committed_at, source, source_digest)
     values ($1, $2, 'c', 'a', 'a@example.org', 'm', now(), '{}', 'd') returning id`,
    [applicationId, number],
  );
  return release!.id;
}

/** Assigns release `number` (bundle `digestOf('shop r1 …')`) to every cluster of the slot that is named. */
export async function assignRelease(
  fleet: Fleet,
  seeded: SeededFleet,
  { application, environment, number, clusters }: AssignSeed,
) {
  const applicationId = seeded.applicationIds.get(application)!;
  const environmentId = seeded.environmentIds.get(environment)!;
  const known = await fleet.sql<{ id: bigint }>(
    'select id from release where application_id = $1 and number = $2',
    [applicationId, number],
  );
  const releaseId = known[0]?.id ?? (await insertRelease(fleet, applicationId, number));
  const bundle = digestOf(`${application} ${number}`);
  const bundles = new Map(clusters.map((name) => [seeded.clusterIds.get(name)!, bundle]));
  return fleet.database.transaction((tx) =>
    fleet.delivery.assign(tx, {
      applicationId,
      environmentId,
      releaseId,
      releaseNumber: number,
      promotionId: BigInt(number),
      bundles,
    }),
  );
}

export interface AssignSeed {
  readonly application: string;
  readonly environment: string;
  readonly number: number;
  readonly clusters: readonly string[];
}

/** Every instance, tombstones included, in the order in which they were made. */
export function instanceRows({ sql }: Pick<Fleet, 'sql'>): Promise<InstanceRow[]> {
  return sql<InstanceRow>(
    `select i.*, c.name cluster, s.sync, s.health, s.release_number status_release from instance i
       join cluster c on c.id = i.cluster_id left join instance_status s on s.instance_id = i.id order by i.id`,
  );
}

/** Roll-up rows that do not say what the instances' own rows say; none, or something is wrong. */
export async function wrongRollups({ sql }: Pick<Fleet, 'sql'>): Promise<readonly unknown[]> {
  const counts = `count(*)::int instances, count(*) filter (where s.sync = 'SYNCED')::int synced,
    count(*) filter (where s.sync = 'OUT_OF_SYNC')::int out_of_sync, count(*) filter (where s.sync = 'SYNCING')::int syncing,
    count(*) filter (where s.sync = 'FAILED')::int failed, count(*) filter (where s.health = 'HEALTHY')::int healthy,
    count(*) filter (where s.health = 'PROGRESSING')::int progressing, count(*) filter (where s.health = 'DEGRADED')::int degraded,
    count(*) filter (where s.health = 'SUSPENDED')::int suspended, count(*) filter (where s.health = 'MISSING')::int missing,
    count(*) filter (where s.drift_count > 0)::int drifted, coalesce(sum(s.drift_count), 0)::int drift_items`;
  const columns =
    'instances, synced, out_of_sync, syncing, failed, healthy, progressing, degraded, suspended, missing, drifted, drift_items';
  const compare = (table: string, keys: readonly string[]) => {
    const counted = `select ${keys.map((key) => `i.${key}`).join(', ')}, ${counts}
      from instance i left join instance_status s on s.instance_id = i.id where i.tombstone is null
      group by ${keys.map((key) => `i.${key}`).join(', ')}`;
    const stored = `select ${keys.join(', ')}, ${columns} from ${table} where instances <> 0 or synced <> 0`;
    return sql(`(${counted} except ${stored}) union all (${stored} except ${counted})`);
  };
  return [
    ...(await compare('cluster_rollup', ['cluster_id'])),
    ...(await compare('slot_rollup', ['application_id', 'environment_id'])),
  ];
}

/** The agent of a seeded cluster. */
export function agentOf(seeded: SeededFleet, name: string): AgentPrincipal {
  return {
    kind: 'agent',
    name,
    clusterId: seeded.clusterIds.get(name)!,
    publicKey: '',
    validUntil: new Date('2100-01-01'),
    authenticatedAtMs: 0,
  };
}

/** A report of an instance that is as it should be, unless `change` says otherwise. */
export function reportOf(
  row: Pick<InstanceRow, 'tracking_id' | 'generation' | 'bundle_digest'>,
  change: Partial<InstanceReport> = {},
): InstanceReport & { readonly contentHash: string } {
  const report: InstanceReport = {
    instance: row.tracking_id,
    generation: Number(row.generation),
    bundle: row.bundle_digest ?? '',
    sync: 'SYNCED',
    health: 'HEALTHY',
    message: '',
    driftCount: 0,
    objects: [],
    truncated: false,
    pendingPrune: [],
    ...change,
  };
  return { ...report, contentHash: digestOf(JSON.stringify(report)) };
}

/** One batch of an agent's only session. */
export function batchOf(
  sequence: number,
  instances: readonly ReturnType<typeof reportOf>[],
  more: { readonly removedInstances?: readonly string[]; readonly session?: number } = {},
) {
  return {
    session: BigInt(more.session ?? 1),
    sequence: BigInt(sequence),
    instances,
    acknowledgedInstructions: [],
    instructionOutcomes: new Map(),
    removedInstances: more.removedInstances ?? [],
  };
}
