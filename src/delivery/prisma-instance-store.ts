// Instances in Postgres: pages by row-value cursors along an index, whatever the size of the fleet.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import {
  orderOf,
  type Instance,
  type InstanceFilter,
  type InstanceOrder,
  type InstancePosition,
} from './domain/instance.ts';
import {
  instanceFilterSql,
  instanceJoins,
  instanceSource,
  SqlParameters,
  staleSql,
  type KeyColumns,
} from './instance-filter-sql.ts';
import { InstanceStore, type HeldObject, type InstanceObject, type PartRequest } from './instance-store.ts';

const orderColumns: Readonly<Record<InstanceOrder, readonly (keyof KeyColumns)[]>> = {
  APPLICATION: ['application', 'environment', 'cluster'],
  ENVIRONMENT: ['environment', 'cluster', 'application'],
};

@Injectable()
export class PrismaInstanceStore extends InstanceStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async page(
    filter: InstanceFilter,
    first: number,
    after: InstancePosition | undefined,
    onlineSince: Date,
  ): Promise<Page<Instance>> {
    const { text, values } = instancePageSql(filter, first + 1, after, onlineSince);
    return pageOf(await this.database.sql<Instance>(text, values), first);
  }

  override byIds(ids: readonly bigint[], filter: InstanceFilter, onlineSince: Date): Promise<Instance[]> {
    const parameters = new SqlParameters();
    const columns = instanceColumns(parameters.add(onlineSince));
    const where = instanceFilterSql(filter, parameters, onlineSince);
    return this.database.sql<Instance>(
      `select ${columns} from ${instanceJoins} where ${where} and i.id = any(${parameters.add(ids)}::bigint[])`,
      parameters.values,
    );
  }

  override async idOf(trackingId: string): Promise<bigint | undefined> {
    const [row] = await this.database.sql<{ id: bigint }>(
      'select id from instance where tracking_id = $1 and tombstone is null',
      [trackingId],
    );
    return row?.id;
  }

  override async objects(instanceId: bigint, { first, after }: PartRequest): Promise<Page<InstanceObject>> {
    const rows = await this.database.sql<InstanceObject>(
      `select position, api_version "apiVersion", kind, nullif(namespace, '') namespace, name, sync, health, message
         from instance_object where instance_id = $1 and position > $2 order by position limit $3`,
      [instanceId, after, first + 1],
    );
    return pageOf(rows, first);
  }

  override async pendingPrune(instanceId: bigint, { first, after }: PartRequest): Promise<Page<HeldObject>> {
    // Only where it speaks of the present assignment: what an older one held back is nobody's question any more.
    const rows = await this.database.sql<HeldObject>(
      `select (h.number - 1)::int position, h.object->>'apiVersion' "apiVersion", h.object->>'kind' kind,
              h.object->>'namespace' namespace, h.object->>'name' name
         from instance_status s join instance i on i.id = s.instance_id and i.generation = s.generation,
              jsonb_array_elements(s.pending_prune) with ordinality as h(object, number)
        where s.instance_id = $1 and h.number - 1 > $2 order by h.number limit $3`,
      [instanceId, after, first + 1],
    );
    return pageOf(rows, first);
  }
}

/** A page as a statement; the plan of it is what a test looks at. */
export function instancePageSql(
  filter: InstanceFilter,
  limit: number,
  after: InstancePosition | undefined,
  onlineSince: Date,
): { readonly text: string; readonly values: readonly unknown[] } {
  const parameters = new SqlParameters();
  const columns = instanceColumns(parameters.add(onlineSince));
  const source = instanceSource(filter, parameters, onlineSince);
  const order = orderColumns[orderOf(filter)].map((name) => source.columns[name]).join(', ');
  const position = after?.map((part) => `${parameters.add(part)}::bigint`).join(', ');
  const beyond = position === undefined ? '' : ` and (${order}) > (${position})`;
  const text = `select ${columns} from ${source.from} where ${source.where}${beyond}
    order by ${order} limit ${parameters.add(limit)}`;
  return { text, values: parameters.values };
}

function instanceColumns(onlineSince: string): string {
  return `i.id, i.tracking_id "trackingId", i.application_id "applicationId", i.environment_id "environmentId",
    i.cluster_id "clusterId", i.application_name application, i.environment_name environment, c.name cluster,
    i.created_at "createdAt",
    coalesce(i.settings->>'namespace', 'default') namespace, i.release_id "releaseId", i.release_number "releaseNumber",
    i.bundle_digest "bundleDigest", i.promotion_id "promotionId", i.assigned_at "assignedAt", i.generation,
    i.assignment_error "assignmentError", s.release_number "observedReleaseNumber",
    (select o.id from release o where o.application_id = i.application_id and o.number = s.release_number) "observedReleaseId",
    coalesce(s.sync, 'UNKNOWN') sync, coalesce(s.health, 'UNKNOWN') health, coalesce(s.message, '') message,
    coalesce(s.drift_count, 0) "driftCount", s.reported_at "reportedAt", s.changed_at "changedAt",
    s.generation "reportedGeneration", r.last_seen_at "lastSeenAt", c.revoked_at "revokedAt",
    case when s.generation = i.generation then jsonb_array_length(s.pending_prune) else 0 end "pendingPruneCount",
    ${staleSql(onlineSince)} stale`;
}
