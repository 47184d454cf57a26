// A filter of drift as a condition of SQL, over d (drift_item or drift_episode) and, where it has a selector, c (cluster).
import { selectorSql } from '../clusters/domain/label-selector.ts';
import type { DriftFilter, DriftOrder, DriftPosition, Period } from './domain/drift-filter.ts';

/** Parameters of one statement, numbered as they are added. */
export class DriftParameters {
  readonly values: unknown[] = [];

  /** `$3`, for a value that is the third. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

type Condition = (filter: DriftFilter, parameters: DriftParameters, now: Date) => string | undefined;

function named(table: 'application' | 'environment' | 'cluster'): Condition {
  return (filter, parameters) => {
    const name = filter[table];
    return name === undefined
      ? undefined
      : `d.${table}_id = (select id from ${table} where name = ${parameters.add(name)})`;
  };
}

function same(member: 'objectKind' | 'namespace' | 'name' | 'path' | 'manager', column: string): Condition {
  return (filter, parameters) => {
    const value = filter[member];
    return value === undefined ? undefined : `d.${column} = ${parameters.add(value)}`;
  };
}

// Names become ids by subqueries of one row, so that the indexes over ids serve them.
const conditions: readonly Condition[] = [
  named('application'),
  named('environment'),
  named('cluster'),
  ({ selector }, parameters) => {
    if (!selector) return undefined;
    const { text, values } = selectorSql(selector, 'c.label_kv', parameters.values.length + 1);
    parameters.values.push(...values);
    return text;
  },
  ({ type }, parameters) => type && `d.type = any(${parameters.add(type)}::"DriftType"[])`,
  same('objectKind', 'kind'),
  same('namespace', 'namespace'),
  same('name', 'name'),
  same('path', 'path'),
  same('manager', 'manager'),
  ({ managerClass }, parameters) =>
    managerClass && `d.manager_class = any(${parameters.add(managerClass)}::"ManagerClass"[])`,
  ({ contested }) => (contested === undefined ? undefined : contested ? 'd.contested' : 'not d.contested'),
  ({ excepted }) =>
    excepted === undefined ? undefined : `d.exception_id is ${excepted ? 'not null' : 'null'}`,
  ({ since }, parameters) => since && `d.first_seen_at >= ${parameters.add(since)}::timestamptz`,
  ({ olderThanMs }, parameters, now) =>
    olderThanMs === undefined
      ? undefined
      : `d.first_seen_at <= ${parameters.add(new Date(now.getTime() - olderThanMs))}::timestamptz`,
];

/** Never empty: `true` where everything matches. */
export function driftFilterSql(filter: DriftFilter, parameters: DriftParameters, now: Date): string {
  const texts = conditions.map((condition) => condition(filter, parameters, now));
  return texts.filter((text) => text !== undefined).join(' and ') || 'true';
}

/** The join that a selector needs; nothing without one. */
export function clusterJoin({ selector }: DriftFilter): string {
  return selector ? 'join cluster c on c.id = d.cluster_id' : '';
}

/** The condition that an episode began in the period; a closed one ended later than it began, which spares partitions. */
export function periodSql({ from, to }: Period, parameters: DriftParameters, isHistory: boolean): string {
  const parts: string[] = [];
  if (from) {
    const at = parameters.add(from);
    parts.push(`d.first_seen_at >= ${at}::timestamptz`);
    if (isHistory) parts.push(`d.closed_at >= ${at}::timestamptz`);
  }
  if (to) parts.push(`d.first_seen_at < ${parameters.add(to)}::timestamptz`);
  return parts.join(' and ') || 'true';
}

const directions: Readonly<Record<DriftOrder, readonly [sign: string, word: string]>> = {
  NEWEST: ['<', 'desc'],
  OLDEST: ['>', 'asc'],
};

/** What lies beyond a cursor. */
export function beyondSql(
  after: DriftPosition | undefined,
  order: DriftOrder,
  parameters: DriftParameters,
): string {
  if (!after) return 'true';
  const position = `(${parameters.add(after[0])}::timestamptz, ${parameters.add(after[1])}::bigint)`;
  return `(d.first_seen_at, d.id) ${directions[order][0]} ${position}`;
}

/** The order of every list of drift; `d` or another alias. */
export function orderSql(order: DriftOrder, alias = 'd'): string {
  const [, word] = directions[order];
  return `${alias}.first_seen_at ${word}, ${alias}.id ${word}`;
}
