// Clusters in Postgres. Raw SQL: nearly every statement is locked, guarded or set-based.
import { Injectable } from '@nestjs/common';
import { Database, type Sql, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import {
  ClusterStore,
  type ClusterFilter,
  type ClusterIdentity,
  type ConnectionLimits,
  type NewCluster,
} from './cluster-store.ts';
import { clusterColumns, clusterFilterSql, stateSql } from './prisma-cluster-sql.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';
import type { Cluster, ConnectionChange } from './domain/cluster.ts';
import { labelKv, type Labels } from './domain/labels.ts';

const fromCluster = 'from cluster c left join cluster_rollup r on r.cluster_id = c.id';

@Injectable()
export class PrismaClusterStore extends ClusterStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByName(name: string): Promise<Cluster | undefined> {
    return one(this.database.sql, `select ${clusterColumns} ${fromCluster} where c.name = $1`, [name]);
  }

  override findByIds(ids: readonly bigint[]): Promise<Cluster[]> {
    const text = `select ${clusterColumns} ${fromCluster} where c.id = any($1::bigint[])`;
    return this.database.sql<Cluster>(text, [ids]);
  }

  override async findEnded<Agent extends Pick<AgentPrincipal, 'clusterId' | 'publicKey'>>(
    agents: readonly Agent[],
  ): Promise<readonly Agent[]> {
    const rows = await this.database.sql<{ asked: bigint }>(
      `select t.asked from unnest($1::bigint[], $2::text[]) with ordinality t(id, public_key, asked)
        where not exists (select from cluster c where c.id = t.id and c.public_key = t.public_key and c.revoked_at is null)`,
      [agents.map(({ clusterId }) => clusterId), agents.map(({ publicKey }) => publicKey)],
    );
    const ended = new Set(rows.map(({ asked }) => Number(asked)));
    return agents.filter((_, index) => ended.has(index + 1));
  }

  override async page(
    filter: ClusterFilter,
    first: number,
    after: string | undefined,
  ): Promise<Page<Cluster>> {
    const { text, values } = clusterFilterSql(filter, 3);
    const rows = await this.database.sql<Cluster>(
      `select ${clusterColumns} ${fromCluster}
       where ($1::text is null or c.name > $1) and ${text} order by c.name limit $2`,
      [after ?? null, first + 1, ...values],
    );
    return pageOf(rows, first);
  }

  override async pagesOfEnvironments(
    environmentIds: readonly bigint[],
    first: number,
    after: string | undefined,
  ): Promise<Page<Cluster>[]> {
    const rows = await this.database.sql<Cluster & { readonly environmentId: bigint }>(
      `select e.id as "environmentId", found.* from unnest($1::bigint[]) as e(id) cross join lateral (
         select ${clusterColumns} from environment_member m join cluster c on c.id = m.cluster_id
         left join cluster_rollup r on r.cluster_id = c.id
         where m.environment_id = e.id and ($2::text is null or c.name > $2) order by c.name limit $3
       ) found order by found.name`,
      [environmentIds, after ?? null, first + 1],
    );
    const byEnvironment = Map.groupBy(rows, ({ environmentId }) => environmentId);
    return environmentIds.map((id) => pageOf(byEnvironment.get(id) ?? [], first));
  }

  override lockByName(tx: Transaction, name: string): Promise<Cluster | undefined> {
    return one(tx.sql, `select ${clusterColumns} ${fromCluster} where c.name = $1 for update of c`, [name]);
  }

  override lockById(tx: Transaction, id: bigint): Promise<Cluster | undefined> {
    return one(tx.sql, `select ${clusterColumns} ${fromCluster} where c.id = $1 for update of c`, [id]);
  }

  override lockKin(
    tx: Transaction,
    kin: { readonly name: string | null; readonly kubeSystemUid: string; readonly publicKey: string },
  ): Promise<Cluster[]> {
    return tx.sql<Cluster>(
      `select ${clusterColumns} ${fromCluster}
       where c.name = $1 or c.kube_system_uid = $2 or c.public_key = $3 order by c.id for update of c`,
      [kin.name, kin.kubeSystemUid, kin.publicKey],
    );
  }

  override async insert({ sql }: Transaction, cluster: NewCluster): Promise<Cluster | undefined> {
    return one(
      sql,
      `with c as (
         insert into cluster (name, labels, label_kv, kube_system_uid, public_key, join_token_id,
                              kubernetes_version, agent_version, accepted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning *
       ), r as (insert into cluster_rollup (cluster_id) select id from c returning cluster_id, last_seen_at)
       select ${clusterColumns} from c join r on r.cluster_id = c.id`,
      [
        cluster.name,
        JSON.stringify(cluster.labels),
        labelKv(cluster.labels),
        ...identityValues(cluster),
        cluster.acceptedAt,
      ],
    );
  }

  override async replace(
    { sql }: Transaction,
    id: bigint,
    identity: ClusterIdentity,
    at: Date,
  ): Promise<void> {
    await sql(
      `update cluster set kube_system_uid = $2, public_key = $3, join_token_id = $4, kubernetes_version = $5,
         agent_version = $6, accepted_at = coalesce(accepted_at, $7), revoked_at = null, revoked_reason = null,
         deleting_since = null, renewed_at = null, applied_generation = 0, session = session + 1
       where id = $1`,
      [id, ...identityValues(identity), at],
    );
  }

  override async setJoinToken({ sql }: Transaction, id: bigint, joinTokenId: bigint): Promise<void> {
    await sql('update cluster set join_token_id = $2 where id = $1', [id, joinTokenId]);
  }

  override async setLabels({ sql }: Transaction, id: bigint, labels: Labels): Promise<void> {
    const values = [id, JSON.stringify(labels), labelKv(labels)];
    await sql('update cluster set labels = $2, label_kv = $3 where id = $1', values);
  }

  override async accept({ sql }: Transaction, id: bigint, at: Date): Promise<void> {
    await sql('update cluster set accepted_at = $2 where id = $1', [id, at]);
  }

  override async revoke({ sql }: Transaction, id: bigint, at: Date, reason: string): Promise<void> {
    await sql('update cluster set revoked_at = $2, revoked_reason = $3 where id = $1', [id, at, reason]);
    await sql(`update cluster_rollup set announced = 'REVOKED' where cluster_id = $1`, [id]);
  }

  override async beginDeleting({ sql }: Transaction, id: bigint, at: Date): Promise<void> {
    await sql('update cluster set deleting_since = coalesce(deleting_since, $2) where id = $1', [id, at]);
  }

  override async delete({ sql }: Transaction, ids: readonly bigint[]): Promise<void> {
    await sql('delete from cluster where id = any($1::bigint[])', [ids]);
  }

  override lockEmptied({ sql }: Transaction): Promise<Cluster[]> {
    return sql<Cluster>(
      `select ${clusterColumns} ${fromCluster}
       where c.deleting_since is not null and not exists (select from instance i where i.cluster_id = c.id)
       order by c.id for update of c skip locked`,
    );
  }

  override async hasInstances({ sql }: Transaction, id: bigint): Promise<boolean> {
    return (await sql('select from instance where cluster_id = $1 limit 1', [id])).length > 0;
  }

  override async noteRenewal({ sql }: Transaction, id: bigint, issuedAt: Date): Promise<boolean> {
    const rows = await sql(
      `update cluster set renewed_at = $2 where id = $1 and (renewed_at is null or renewed_at < $2) returning id`,
      [id, issuedAt],
    );
    return rows.length > 0;
  }

  override async touch(seen: readonly (readonly [bigint, Date])[]): Promise<void> {
    const [ids, times] = [seen.map(([id]) => id), seen.map(([, at]) => at)];
    // Locked in the order of reports, which write the same rows; a transaction, because that is tried again after a deadlock.
    await this.database.transaction(({ sql }) =>
      sql(
        `with told as (select * from unnest($1::bigint[], $2::timestamptz[]) as t(id, heard_at)), locked as (
           select cluster_id, heard_at from cluster_rollup join told on id = cluster_id
            where last_seen_at is null or last_seen_at < heard_at order by cluster_id for no key update of cluster_rollup)
         update cluster_rollup r set last_seen_at = heard_at from locked
          where r.cluster_id = locked.cluster_id and (r.last_seen_at is null or r.last_seen_at < heard_at)`,
        [ids, times],
      ),
    );
  }

  override announce(
    { sql }: Transaction,
    { onlineSince, staleSince }: ConnectionLimits,
    only: 'ALL' | 'IMPROVEMENTS',
  ): Promise<ConnectionChange[]> {
    const state = stateSql('$1', '$2');
    return sql<ConnectionChange>(
      `with judged as (
         select r.cluster_id, c.name, r.announced as was, (${state})::"ConnectionState" as state, r.last_seen_at
         ${fromCluster.replace('left join', 'join')}
         where r.announced::text is distinct from ${state} and ($3 = 'ALL' or ${state} = 'ONLINE')
         order by r.cluster_id for update of r
       )
       update cluster_rollup r set announced = j.state from judged j where r.cluster_id = j.cluster_id
       returning r.cluster_id as "clusterId", j.name, j.was as "from", j.state as "to", j.last_seen_at as "lastSeenAt"`,
      [onlineSince, staleSince, only],
    );
  }
}

async function one(sql: Sql, text: string, values: readonly unknown[]): Promise<Cluster | undefined> {
  const rows = await sql<Cluster>(text, values);
  return rows[0];
}

function identityValues(identity: ClusterIdentity): unknown[] {
  const { kubeSystemUid, publicKey, joinTokenId, kubernetesVersion, agentVersion } = identity;
  return [kubeSystemUid, publicKey, joinTokenId, kubernetesVersion, agentVersion];
}
