// The agents' reads in Postgres; every one begins at the caller's own cluster.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assignmentsText, type DigestedAssignment } from '@fairlead/protocol/assignments-digest';
import { Database, type SqlTransaction } from '../platform/database/database.ts';
import {
  AgentFeedStore,
  type BuriedInstance,
  type FeedDigest,
  type FeedPage,
  type FeedRow,
  type InstructionRow,
} from './agent-feed-store.ts';
import type { FeedFacts, FeedPosition } from './domain/agent-feed.ts';
import type { ClusterGeneration } from './generation-sql.ts';

@Injectable()
export class PrismaAgentFeedStore extends AgentFeedStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async facts(clusterId: bigint): Promise<FeedFacts> {
    const [facts] = await this.database.sql<FeedFacts>(
      `select ${factColumns} from cluster c, hub h where c.id = $1`,
      [clusterId],
    );
    return facts ?? { epoch: '', desiredGeneration: 0n };
  }

  override async page(clusterId: bigint, position: FeedPosition, limit: number): Promise<FeedPage> {
    // One statement, so that the generation reached and the rows up to it are of one snapshot.
    const rows = await this.database.sql<FeedFacts & Partial<FeedRow>>(feedPageSql, [
      clusterId,
      position.generation,
      position.instanceId,
      limit,
    ]);
    const [first] = rows;
    return {
      epoch: first?.epoch ?? '',
      desiredGeneration: first?.desiredGeneration ?? 0n,
      rows: rows.filter((row): row is FeedFacts & FeedRow => row.id !== null && row.id !== undefined),
    };
  }

  override instructions(clusterId: bigint, limit: number): Promise<InstructionRow[]> {
    return this.database.sql<InstructionRow>(
      `select n.public_id "publicId", n.kind, i.tracking_id instance, n.payload, n.expires_at "expiresAt"
         from instruction n left join instance i on i.id = n.instance_id
        where n.cluster_id = $1 and n.acknowledged_at is null and n.expires_at > now()
        order by n.generation, n.id limit $2`,
      [clusterId, limit],
    );
  }

  override async digest(clusterId: bigint): Promise<FeedDigest> {
    const { epoch, desiredGeneration } = await this.facts(clusterId);
    const rows = await this.database.sql<DigestedAssignment>(
      `select tracking_id instance, generation, bundle_digest bundle from instance
        where cluster_id = $1 and generation > 0 and tombstone is null`,
      [clusterId],
    );
    const digest = createHash('sha256').update(assignmentsText(rows)).digest('hex');
    return { epoch, generation: desiredGeneration, digest };
  }

  override async generations(clusterIds: readonly bigint[]): Promise<ClusterGeneration[]> {
    const rows = await this.database.sql<{ id: bigint; generation: bigint }>(
      'select id, desired_generation generation from cluster where id = any($1::bigint[])',
      [clusterIds],
    );
    return rows.map(({ id, generation }) => [id, generation]);
  }

  override async isAssigned(clusterId: bigint, digest: string): Promise<boolean> {
    const rows = await this.database.sql(assignedBundleSql, [clusterId, digest]);
    return rows.length > 0;
  }

  override async isCurrentSession(tx: SqlTransaction, clusterId: bigint, session: bigint): Promise<boolean> {
    const rows = await tx.sql('select from cluster where id = $1 and session = $2', [clusterId, session]);
    return rows.length > 0;
  }

  override bury(
    tx: SqlTransaction,
    clusterId: bigint,
    trackingIds: readonly string[],
  ): Promise<BuriedInstance[]> {
    return tx.sql<BuriedInstance>(
      `delete from instance where cluster_id = $1 and tracking_id = any($2::text[]) and tombstone is not null
       returning application_name application, environment_name environment, tombstone`,
      [clusterId, trackingIds],
    );
  }

  override async acknowledge(tx: SqlTransaction, clusterId: bigint, ids: readonly string[]): Promise<void> {
    await tx.sql(
      `update instruction set acknowledged_at = now()
        where cluster_id = $1 and public_id = any($2::text[]) and acknowledged_at is null`,
      [clusterId, ids],
    );
  }
}

const factColumns = 'h.epoch, c.desired_generation "desiredGeneration"';

/** A page of a cluster's assignments: $1 cluster, $2 and $3 the (generation, id) after which it begins, $4 rows. */
export const feedPageSql = `select ${factColumns}, i.* from cluster c cross join hub h left join lateral (
    select id, tracking_id "trackingId", application_name application, environment_name environment,
           release_number "releaseNumber", bundle_digest "bundleDigest", generation, settings,
           approved_prune "approvedPrune", tombstone
      from instance
     where cluster_id = c.id and generation > 0 and (generation, id) > ($2, $3)
     order by generation, id limit $4
  ) i on true
   where c.id = $1 order by i.generation, i.id`;

/** One row where the bundle ($2) is assigned to the cluster ($1). */
export const assignedBundleSql =
  'select from instance where bundle_digest = $2 and cluster_id = $1 and tombstone is null limit 1';
