// The agents' reads in Postgres; every one begins at the caller's own cluster.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assignmentsText, type DigestedAssignment } from '@fairlead/protocol/assignments-digest';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Gathered } from '../platform/gathered.ts';
import {
  AgentFeedStore,
  type BuriedInstance,
  type ForeignClaim,
  type FeedDigest,
  type FeedPage,
  type FeedRow,
  type InstructionRow,
} from './agent-feed-store.ts';
import type { FeedFacts, FeedPosition } from './domain/agent-feed.ts';
import type { ClusterGeneration } from './generation-sql.ts';

/** A page that one agent asks for. */
interface PageKey {
  readonly clusterId: bigint;
  readonly position: FeedPosition;
  readonly limit: number;
}

// Full pages of this many agents fit into memory at once.
const PAGES = { maxKeys: 100, atOnce: 2 };
const SMALL = { maxKeys: 500, atOnce: 2 };

@Injectable()
export class PrismaAgentFeedStore extends AgentFeedStore {
  private readonly pages = new Gathered<PageKey, FeedPage>((keys) => this.readPages(keys), PAGES);
  private readonly open = new Gathered<InstructionKey, InstructionRow[]>(
    (keys) => this.readInstructions(keys),
    SMALL,
  );
  private readonly assigned = new Gathered<BundleKey, boolean>((keys) => this.readAssigned(keys), SMALL);

  constructor(private readonly database: Database) {
    super();
  }

  override page(clusterId: bigint, position: FeedPosition, limit: number): Promise<FeedPage> {
    return this.pages.ask({ clusterId, position, limit });
  }

  override instructions(clusterId: bigint, limit: number): Promise<InstructionRow[]> {
    return this.open.ask({ clusterId, limit });
  }

  override async digest(clusterId: bigint): Promise<FeedDigest> {
    const [facts] = await this.database.sql<FeedFacts>(
      `select ${factColumns} from cluster c, hub h where c.id = $1`,
      [clusterId],
    );
    const rows = await this.database.sql<DigestedAssignment>(
      `select tracking_id instance, generation, bundle_digest bundle from instance
        where cluster_id = $1 and generation > 0 and tombstone is null`,
      [clusterId],
    );
    const digest = createHash('sha256').update(assignmentsText(rows)).digest('hex');
    return { epoch: facts?.epoch ?? '', generation: facts?.desiredGeneration ?? 0n, digest };
  }

  override async generations(clusterIds: readonly bigint[]): Promise<ClusterGeneration[]> {
    const rows = await this.database.sql<{ id: bigint; generation: bigint }>(
      'select id, desired_generation generation from cluster where id = any($1::bigint[])',
      [clusterIds],
    );
    return rows.map(({ id, generation }) => [id, generation]);
  }

  override isAssigned(clusterId: bigint, digest: string): Promise<boolean> {
    return this.assigned.ask({ clusterId, digest });
  }

  override async isCurrentSession(tx: Transaction, clusterId: bigint, session: bigint): Promise<boolean> {
    const rows = await tx.sql('select from cluster where id = $1 and session = $2', [clusterId, session]);
    return rows.length > 0;
  }

  override bury(
    tx: Transaction,
    clusterId: bigint,
    trackingIds: readonly string[],
  ): Promise<BuriedInstance[]> {
    return tx.sql<BuriedInstance>(
      `delete from instance where cluster_id = $1 and tracking_id = any($2::text[]) and tombstone is not null
       returning application_name application, environment_name environment, tombstone`,
      [clusterId, trackingIds],
    );
  }

  override async acknowledge(
    tx: Transaction,
    clusterId: bigint,
    ids: readonly string[],
    outcomes: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    await tx.sql(
      `update instruction n set acknowledged_at = now(), outcome = t.outcome
         from unnest($2::text[], $3::jsonb[]) t(id, outcome)
        where n.cluster_id = $1 and n.public_id = t.id and n.acknowledged_at is null`,
      [clusterId, ids, ids.map((id) => outcomeText(outcomes.get(id)))],
    );
  }

  override foreign(
    tx: Transaction,
    clusterId: bigint,
    {
      instructions,
      instances,
    }: { readonly instructions: readonly string[]; readonly instances: readonly string[] },
  ): Promise<ForeignClaim[]> {
    return tx.sql<ForeignClaim>(
      `select 'INSTRUCTION' kind, n.public_id id, c.name cluster from instruction n join cluster c on c.id = n.cluster_id
        where n.public_id = any($2::text[]) and n.cluster_id <> $1
       union all
       select 'INSTANCE', i.tracking_id, c.name from instance i join cluster c on c.id = i.cluster_id
        where i.tracking_id = any($3::text[]) and i.cluster_id <> $1`,
      [clusterId, instructions, instances],
    );
  }

  /** One statement, so that the generation reached and the rows up to it are of one snapshot. */
  private async readPages(keys: readonly PageKey[]): Promise<FeedPage[]> {
    const rows = await this.database.sql<AskedRow & FeedFacts & Partial<FeedRow>>(feedPagesSql, [
      keys.map(({ clusterId }) => clusterId),
      keys.map(({ position }) => position.generation),
      keys.map(({ position }) => position.instanceId),
      keys.map(({ limit }) => limit),
    ]);
    return perKey(keys, rows, (own) => ({
      epoch: own[0]?.epoch ?? '',
      desiredGeneration: own[0]?.desiredGeneration ?? 0n,
      healthRulesDigest: own[0]?.healthRulesDigest ?? null,
      rows: own.filter((row): row is AskedRow & FeedFacts & FeedRow => row.id !== null),
    }));
  }

  private async readInstructions(keys: readonly InstructionKey[]): Promise<InstructionRow[][]> {
    const rows = await this.database.sql<AskedRow & InstructionRow>(instructionsSql, [
      keys.map(({ clusterId }) => clusterId),
      keys.map(({ limit }) => limit),
    ]);
    return perKey(keys, rows, (own) => own.map(({ asked: _asked, ...instruction }) => instruction));
  }

  private async readAssigned(keys: readonly BundleKey[]): Promise<boolean[]> {
    const rows = await this.database.sql<AskedRow>(assignedBundlesSql, [
      keys.map(({ clusterId }) => clusterId),
      keys.map(({ digest }) => digest),
    ]);
    return perKey(keys, rows, (own) => own.length > 0);
  }
}

const MAX_OUTCOME_CHARACTERS = 10_000;

/** Postgres cannot keep a NUL, and an agent's word has its bounds. */
function outcomeText(outcome: unknown): string | null {
  const text = JSON.stringify(outcome ?? null).replaceAll('\\u0000', '');
  return outcome === undefined || text.length > MAX_OUTCOME_CHARACTERS ? null : text;
}

interface InstructionKey {
  readonly clusterId: bigint;
  readonly limit: number;
}

interface BundleKey {
  readonly clusterId: bigint;
  readonly digest: string;
}

/** Which of the questions a row answers, counted from 1: one agent's rows must never reach another. */
interface AskedRow {
  readonly asked: bigint;
}

function perKey<Row extends AskedRow, Value>(
  keys: readonly unknown[],
  rows: readonly Row[],
  value: (own: readonly Row[]) => Value,
): Value[] {
  const byKey = Map.groupBy(rows, ({ asked }) => Number(asked));
  return keys.map((_, index) => value(byKey.get(index + 1) ?? []));
}

const factColumns =
  'h.epoch, c.desired_generation "desiredGeneration", h.health_rules_digest "healthRulesDigest"';

/** Pages of assignments of clusters ($1), each after its own generation ($2) and id ($3), of so many rows ($4). */
export const feedPagesSql = `select t.asked, ${factColumns}, i.*
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[])
         with ordinality t(cluster_id, generation, instance_id, size, asked)
    join cluster c on c.id = t.cluster_id cross join hub h
    left join lateral (
      select id, tracking_id "trackingId", application_name application, environment_name environment,
             release_number "releaseNumber", bundle_digest "bundleDigest", generation, settings, exceptions,
             approved_prune "approvedPrune", tombstone
        from instance
       where cluster_id = c.id and generation > 0
         and (instance.generation, id) > (t.generation, t.instance_id)
       order by generation, id limit t.size
    ) i on true
   order by t.asked, i.generation, i.id`;

const instructionsSql = `select t.asked, n.* from unnest($1::bigint[], $2::int[]) with ordinality t(cluster_id, size, asked)
    cross join lateral (
      select n.public_id "publicId", n.kind, i.tracking_id instance, n.payload, n.expires_at "expiresAt"
        from instruction n left join instance i on i.id = n.instance_id
       where n.cluster_id = t.cluster_id and n.acknowledged_at is null and n.expires_at > now()
       order by n.generation, n.id limit t.size
    ) n`;

/** A row for each pair of a cluster ($1) and a bundle ($2) that is assigned to it. */
export const assignedBundlesSql = `select t.asked from unnest($1::bigint[], $2::text[]) with ordinality t(cluster_id, digest, asked)
   where exists (select from instance i
                  where i.bundle_digest = t.digest and i.cluster_id = t.cluster_id and i.tombstone is null)`;
