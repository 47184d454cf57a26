// Pages of open items and of episodes. What a page costs does not grow with the fleet: each begins at an index.
import type { DriftFilter, Period } from './domain/drift-filter.ts';
import {
  beyondSql,
  clusterJoin,
  driftFilterSql,
  DriftParameters,
  orderSql,
  periodSql,
} from './drift-filter-sql.ts';
import type { DriftPageRequest, ItemPageRequest } from './drift-read-store.ts';

/** A statement with its parameters; the plan of it is what a test looks at. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const objectColumns =
  'd.id, d.instance_id "instanceId", d.api_version "apiVersion", d.kind, d.namespace, d.name, d.path';
const stateColumns =
  'd.type, d.manager, d.manager_class "managerClass", d.healed_count "healedCount", d.contested';

const itemColumns = `${objectColumns}, ${stateColumns}, d.desired, d.live, d.masked, d.operation, d.subresource,
  d.changed_at "changedAt", d.first_seen_at "firstSeenAt", d.exception_id "exceptionId"`;

// The snake-case column stays for the order of the union.
const openColumns = `${objectColumns}, ${stateColumns}, d.first_seen_at, d.first_seen_at "firstSeenAt",
  null::timestamptz "closedAt", null::"EpisodeEnd" "closedBy"`;
const endedColumns = `${objectColumns}, ${stateColumns}, d.first_seen_at, d.first_seen_at "firstSeenAt",
  d.closed_at "closedAt", d.closed_by "closedBy"`;

/** Only of instances that live: of the others there is nothing to show but the history in activity. */
const living = 'join instance i on i.id = d.instance_id and i.tombstone is null';

/** A page of open items; of one instance where that is given. */
export function itemPageSql(
  filter: DriftFilter,
  { first, after, order, instanceId }: ItemPageRequest & { readonly instanceId?: bigint },
  now = new Date(0),
): Statement {
  const parameters = new DriftParameters();
  const where = driftFilterSql(filter, parameters, now);
  const own = instanceId === undefined ? 'true' : `d.instance_id = ${parameters.add(instanceId)}`;
  const text = `select ${itemColumns} from drift_item d ${living} ${clusterJoin(filter)}
    where ${where} and ${own} and ${beyondSql(after, order, parameters)}
    order by ${orderSql(order)} limit ${parameters.add(first + 1)}`;
  return { text, values: parameters.values };
}

/** Open items of these ids. */
export function itemByIdsSql(ids: readonly bigint[], filter: DriftFilter, now: Date): Statement {
  const parameters = new DriftParameters();
  const where = driftFilterSql(filter, parameters, now);
  const text = `select ${itemColumns} from drift_item d ${living} ${clusterJoin(filter)}
    where ${where} and d.id = any(${parameters.add(ids)}::bigint[])`;
  return { text, values: parameters.values };
}

/** Ended episodes of these ids. */
export function endedByIdsSql(ids: readonly bigint[], filter: DriftFilter, now: Date): Statement {
  const parameters = new DriftParameters();
  const where = driftFilterSql(filter, parameters, now);
  const text = `select ${endedColumns} from drift_episode d ${living} ${clusterJoin(filter)}
    where ${where} and d.id = any(${parameters.add(ids)}::bigint[])`;
  return { text, values: parameters.values };
}

/** A page of episodes, newest first: those that are open and those that ended, each from its own table. */
export function episodePageSql(
  filter: DriftFilter,
  period: Period,
  { first, after }: DriftPageRequest,
  now: Date,
): Statement {
  const parameters = new DriftParameters();
  const beyond = beyondSql(after, 'NEWEST', parameters);
  const where = driftFilterSql(filter, parameters, now);
  const limit = parameters.add(first + 1);
  const part = (table: string, columns: string, isHistory: boolean): string =>
    `(select ${columns} from ${table} d ${living} ${clusterJoin(filter)}
       where ${where} and ${periodSql(period, parameters, isHistory)} and ${beyond}
       order by ${orderSql('NEWEST')} limit ${limit})`;
  const text = `select * from (${part('drift_item', openColumns, false)}
    union all ${part('drift_episode', endedColumns, true)}) e order by ${orderSql('NEWEST', 'e')} limit ${limit}`;
  return { text, values: parameters.values };
}
