// A filter over instances as a condition of SQL, over i (instance), c (cluster), r (cluster_rollup), s (instance_status).
import { selectorSql } from '../clusters/domain/label-selector.ts';
import type { InstanceFilter } from './domain/instance.ts';

/** Parameters of one statement, numbered as they are added. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** `$3`, for a value that is the third. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** The joins that every condition below may use. */
export const instanceJoins = `instance i
  join cluster c on c.id = i.cluster_id
  left join cluster_rollup r on r.cluster_id = i.cluster_id
  left join instance_status s on s.instance_id = i.id`;

/** The same where every row has a status. */
const statusJoins = `instance_status s
  join instance i on i.id = s.instance_id
  join cluster c on c.id = s.cluster_id
  left join cluster_rollup r on r.cluster_id = s.cluster_id`;

/** Whether the instance's cluster is not ONLINE; over c and r alone. */
export function staleSql(onlineSince: string): string {
  return `(c.revoked_at is not null or coalesce(r.last_seen_at <= ${onlineSince}::timestamptz, true))`;
}

/** The columns of the keys: those of i, unless a roll-up is asked. */
export interface KeyColumns {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
}

/** What conditions are made of besides the filter. */
interface ConditionParts {
  readonly parameters: SqlParameters;
  readonly columns: KeyColumns;
  readonly onlineSince: Date;
}

type Condition = (filter: InstanceFilter, parts: ConditionParts) => string | undefined;

const instanceKeys: KeyColumns = {
  application: 'i.application_id',
  environment: 'i.environment_id',
  cluster: 'i.cluster_id',
};

function named(table: keyof KeyColumns): Condition {
  return (filter, { parameters, columns }) => {
    const name = filter[table];
    return name === undefined
      ? undefined
      : `${columns[table]} = (select id from ${table} where name = ${parameters.add(name)})`;
  };
}

/**
 * The instances of an application that are not on a release, found by what is known of them and not one by one: an index
 * holds the releases of its statuses, and those without a status are looked for only in slots whose roll-up has any. An
 * array, so that it is made once and first, also by a plan that was made for other values.
 */
function elsewhereSql(application: string, number: string): string {
  const id = `(select id from application where name = ${application})`;
  return `i.id = any(array(
    select n.instance_id from instance_status n where n.application_id = ${id} and n.release_number is distinct from ${number}
    union all
    select n.id from slot_rollup u
      join instance n on n.application_id = u.application_id and n.environment_id = u.environment_id and n.tombstone is null
     where u.application_id = ${id} and u.instances > u.synced + u.out_of_sync + u.syncing + u.failed
       and not exists (select from instance_status m where m.instance_id = n.id)))`;
}

// Names become ids by subqueries of one row, so that the indexes over ids serve them.
const conditions: readonly Condition[] = [
  named('application'),
  named('environment'),
  named('cluster'),
  ({ selector }, { parameters }) => {
    if (!selector) return undefined;
    const { text, values } = selectorSql(selector, 'c.label_kv', parameters.values.length + 1);
    parameters.values.push(...values);
    return text;
  },
  ({ sync }, { parameters }) =>
    sync && `coalesce(s.sync, 'UNKNOWN') = any(${parameters.add(sync)}::"SyncStatus"[])`,
  ({ health }, { parameters }) =>
    health && `coalesce(s.health, 'UNKNOWN') = any(${parameters.add(health)}::"Health"[])`,
  ({ drifted }) => (drifted === undefined ? undefined : `(coalesce(s.drift_count, 0) > 0) = ${drifted}`),
  ({ stale }, { parameters, onlineSince }) =>
    stale === undefined ? undefined : `${staleSql(parameters.add(onlineSince))} = ${stale}`,
  ({ notOnRelease, application }, { parameters }) => {
    if (notOnRelease === undefined) return undefined;
    const number = `${parameters.add(notOnRelease)}::int`;
    if (application === undefined) return `s.release_number is distinct from ${number}`;
    return elsewhereSql(parameters.add(application), number);
  },
];

/** The filter over a roll-up, whose key columns are given. */
export function rollupFilterSql(
  filter: InstanceFilter,
  parameters: SqlParameters,
  columns: KeyColumns,
  onlineSince: Date,
): string {
  const texts = conditions.map((condition) => condition(filter, { parameters, columns, onlineSince }));
  return texts.filter((text) => text !== undefined).join(' and ') || 'true';
}

const statusKeys: KeyColumns = {
  application: 's.application_id',
  environment: 's.environment_id',
  cluster: 's.cluster_id',
};

/** The few whose status is as the filter wants it; the condition is the one of the partial index over them. */
function fewSql({ drifted, sync, health }: InstanceFilter): string | undefined {
  if (drifted) return 's.drift_count > 0';
  if (sync && !sync.includes('SYNCED') && !sync.includes('UNKNOWN')) return `s.sync <> 'SYNCED'`;
  if (health && !health.includes('HEALTHY') && !health.includes('UNKNOWN')) return `s.health <> 'HEALTHY'`;
  return undefined;
}

/** Where a list of instances begins, and the columns that it is in the order of. */
export interface InstanceSource {
  readonly from: string;
  readonly where: string;
  readonly columns: KeyColumns;
}

/**
 * From the instances; or, where the filter asks for what is wrong, from the statuses that have it, of which there are
 * indexes in the order of the list: else the whole fleet would be read to find the few.
 */
export function instanceSource(
  filter: InstanceFilter,
  parameters: SqlParameters,
  onlineSince: Date,
): InstanceSource {
  const few = fewSql(filter);
  const columns = few === undefined ? instanceKeys : statusKeys;
  const where = `i.tombstone is null and ${few ?? 'true'} and ${rollupFilterSql(filter, parameters, columns, onlineSince)}`;
  return { from: few === undefined ? instanceJoins : statusJoins, where, columns };
}

/** Living instances that the filter names; the parameters are added to `parameters`. */
export function instanceFilterSql(
  filter: InstanceFilter,
  parameters: SqlParameters,
  onlineSince: Date,
): string {
  return `i.tombstone is null and ${rollupFilterSql(filter, parameters, instanceKeys, onlineSince)}`;
}
