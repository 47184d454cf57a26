// Orphans in Postgres: they are rare, and a list of them is small.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { OrphanStore, type Orphan, type ReportedOrphan } from './orphan-store.ts';

const columns = 'o.tracking_id "trackingId", o.application, o.environment, o.objects';

@Injectable()
export class PrismaOrphanStore extends OrphanStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async replace(
    { sql }: Transaction,
    { clusterId, session }: { readonly clusterId: bigint; readonly session: bigint },
    orphans: readonly ReportedOrphan[],
  ): Promise<ReportedOrphan[] | undefined> {
    const newest = await sql('select from cluster where id = $1 and session = $2 for no key update', [
      clusterId,
      session,
    ]);
    if (newest.length === 0) return undefined;
    const known = orphans.map(({ trackingId }) => trackingId);
    await sql('delete from cluster_orphan where cluster_id = $1 and tracking_id <> all($2::text[])', [
      clusterId,
      known,
    ]);
    const rows = await sql<ReportedOrphan & { isNew: boolean }>(
      `insert into cluster_orphan as o (cluster_id, session, tracking_id, application, environment, objects)
       select $1, $2, t.* from unnest($3::text[], $4::text[], $5::text[], $6::int[]) as t(tracking_id, application, environment, objects)
        where not exists (select from instance i where i.tracking_id = t.tracking_id and i.cluster_id = $1)
       on conflict (cluster_id, tracking_id) do update set session = excluded.session,
         application = excluded.application, environment = excluded.environment, objects = excluded.objects
       returning ${columns}, o.xmax = 0 "isNew"`,
      [
        clusterId,
        session,
        known,
        orphans.map(({ application }) => application),
        orphans.map(({ environment }) => environment),
        orphans.map(({ objects }) => objects),
      ],
    );
    return rows.filter(({ isNew }) => isNew);
  }

  override ofClusters(clusterIds: readonly bigint[], limit: number): Promise<Orphan[]> {
    return this.database.sql<Orphan>(
      `select found.* from unnest($1::bigint[]) as asked(id) cross join lateral (
         select o.cluster_id "clusterId", ${columns}, o.first_seen_at "firstSeenAt"
           from cluster_orphan o join cluster c on c.id = o.cluster_id and c.session = o.session
          where o.cluster_id = asked.id order by o.application, o.environment, o.tracking_id limit $2
       ) found`,
      [clusterIds, limit],
    );
  }
}
