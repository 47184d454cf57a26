// Drift in Postgres: a handful of statements over arrays for all instances of a flush, none per row.
import { Injectable } from '@nestjs/common';
import type { ClosedDrift, OpenDrift } from '../delivery/domain/drift-report.ts';
import type { Transaction } from '../platform/database/database.ts';
import { decodeId } from '../platform/graphql/opaque-id.ts';
import type { EndedItem } from './domain/plan-drift.ts';
import { DriftStore, type PassedItem, type Placed, type StoredItemOf } from './drift-store.ts';

@Injectable()
export class PrismaDriftStore extends DriftStore {
  override lock(tx: Transaction, instanceIds: readonly bigint[]): Promise<StoredItemOf[]> {
    return tx.sql<StoredItemOf>(
      `select id, instance_id "instanceId", episode, contested from drift_item
        where instance_id = any($1::bigint[]) order by id for update`,
      [instanceIds],
    );
  }

  override async putOpen(tx: Transaction, open: readonly Placed<OpenDrift>[]): Promise<bigint[]> {
    if (open.length === 0) return [];
    const rows = await tx.sql<{ id: bigint; isNew: boolean }>(
      putOpenSql,
      openColumns.map(({ value }) => open.map(value)),
    );
    return rows.filter(({ isNew }) => isNew).map(({ id }) => id);
  }

  override async end(tx: Transaction, ended: readonly EndedItem[]): Promise<void> {
    if (ended.length === 0) return;
    await tx.sql(endSql, [
      ended.map(({ id }) => id),
      ended.map(({ closedAt }) => closedAt),
      ended.map(({ closedBy }) => closedBy),
      ended.map(({ healedCount }) => healedCount ?? null),
    ]);
  }

  override async putPassed(tx: Transaction, passed: readonly Placed<ClosedDrift>[]): Promise<PassedItem[]> {
    if (passed.length === 0) return [];
    return tx.sql<PassedItem>(
      putPassedSql,
      passedColumns.map(({ value }) => passed.map(value)),
    );
  }

  override async endGone(
    tx: Transaction,
    which: { readonly instanceIds: readonly bigint[] } | { readonly sweep: number },
  ): Promise<bigint[]> {
    const [where, value] =
      'sweep' in which
        ? [`${noLivingInstance} order by d.id limit $1`, which.sweep]
        : ['d.instance_id = any($1::bigint[]) order by d.id', which.instanceIds];
    const rows = await tx.sql<{ id: bigint }>(
      `with gone as (
         delete from drift_item i using (select d.id from drift_item d where ${where} for update) old
          where i.id = old.id returning i.*
       )
       insert into drift_episode (${historyColumns}, closed_at, closed_by)
       select ${historyColumns}, now(), 'GONE' from gone returning id`,
      [value],
    );
    return rows.map(({ id }) => id);
  }
}

const noLivingInstance =
  'not exists (select from instance l where l.id = d.instance_id and l.tombstone is null)';

interface Column<Drift> {
  readonly name: string;
  readonly type: string;
  readonly value: (drift: Placed<Drift>) => unknown;
}

/** What tells one from the other, and what stays as it was at first. */
const keyColumns: readonly Column<OpenDrift>[] = [
  { name: 'instance_id', type: 'bigint', value: ({ place }) => place.id },
  { name: 'cluster_id', type: 'bigint', value: ({ place }) => place.clusterId },
  { name: 'application_id', type: 'bigint', value: ({ place }) => place.applicationId },
  { name: 'environment_id', type: 'bigint', value: ({ place }) => place.environmentId },
  { name: 'episode', type: 'text', value: ({ episode }) => episode },
  { name: 'api_version', type: 'text', value: ({ apiVersion }) => apiVersion },
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'namespace', type: 'text', value: ({ namespace }) => namespace },
  { name: 'name', type: 'text', value: ({ name }) => name },
  { name: 'path', type: 'text', value: ({ path }) => path },
  { name: 'first_seen_at', type: 'timestamptz', value: ({ firstSeenAt }) => firstSeenAt },
];

const stateColumns: readonly Column<OpenDrift>[] = [
  { name: 'type', type: '"DriftType"', value: ({ type }) => type },
  { name: 'manager', type: 'text', value: ({ manager }) => manager },
  { name: 'manager_class', type: '"ManagerClass"', value: ({ managerClass }) => managerClass },
  { name: 'healed_count', type: 'int', value: ({ healedCount }) => healedCount },
  { name: 'contested', type: 'boolean', value: ({ contested }) => contested },
];

/** Of open ones only: the history keeps no values. */
const valueColumns: readonly Column<OpenDrift>[] = [
  { name: 'desired', type: 'text', value: ({ desired }) => desired },
  { name: 'live', type: 'text', value: ({ live }) => live },
  { name: 'masked', type: 'boolean', value: ({ masked }) => masked },
  { name: 'operation', type: 'text', value: ({ operation }) => operation },
  { name: 'subresource', type: 'text', value: ({ subresource }) => subresource },
  { name: 'changed_at', type: 'timestamptz', value: ({ changedAt }) => changedAt },
];

const exceptionColumn: Column<OpenDrift> = {
  name: 'exception_id',
  type: 'bigint',
  value: ({ excepted }) => exceptionIdOf(excepted),
};

const openColumns = [...keyColumns, ...stateColumns, ...valueColumns, exceptionColumn];
const passedColumns: readonly Column<ClosedDrift>[] = [
  ...keyColumns,
  ...stateColumns,
  exceptionColumn,
  { name: 'closed_at', type: 'timestamptz', value: ({ closedAt }) => closedAt },
  { name: 'closed_by', type: '"EpisodeEnd"', value: ({ closedBy }) => closedBy },
];

const namesOf = (columns: readonly { readonly name: string }[], prefix = ''): string =>
  columns.map(({ name }) => `${prefix}${name}`).join(', ');

function rowsSql(columns: readonly { readonly name: string; readonly type: string }[]): string {
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) as t(${namesOf(columns)})`;
}

const changing = [...stateColumns, ...valueColumns];
const historyColumns = `id, ${namesOf([...keyColumns, ...stateColumns, exceptionColumn])}`;

// An exception counts while it is in force: one that ended meanwhile must not come back by a late report. One that the
// hub noted stays noted although the agent does not know of it yet.
const givenException =
  '(select x.id from drift_exception x where x.id = t.exception_id and x.ended_at is null)';

const putOpenSql = `
  insert into drift_item as d (${namesOf([...keyColumns, ...changing])}, exception_id)
  select ${namesOf([...keyColumns, ...changing], 't.')}, ${givenException} from ${rowsSql(openColumns)}
   order by t.instance_id, t.episode
  on conflict (instance_id, episode) do update
    set ${changing.map(({ name }) => `${name} = excluded.${name}`).join(', ')},
        exception_id = coalesce(excluded.exception_id, d.exception_id)
  where (${namesOf(changing, 'd.')}, d.exception_id) is distinct from
        (${namesOf(changing, 'excluded.')}, coalesce(excluded.exception_id, d.exception_id))
  returning id, xmax = 0 "isNew"`;

const endSql = `
  with t as (
    select * from unnest($1::bigint[], $2::timestamptz[], $3::"EpisodeEnd"[], $4::int[])
                  as t(id, closed_at, closed_by, said_count)
  ), gone as (
    delete from drift_item d using t where d.id = t.id
    returning d.*, greatest(t.closed_at, d.first_seen_at) closed_at, t.closed_by, coalesce(t.said_count, d.healed_count) said_count
  )
  insert into drift_episode (${historyColumns}, closed_at, closed_by)
  select ${historyColumns.replace('healed_count', 'said_count')}, closed_at, closed_by from gone`;

// Reports of one instance follow one another, so what is not in the history now does not get there meanwhile.
const putPassedSql = `
  insert into drift_episode (${namesOf(passedColumns)})
  select ${namesOf(passedColumns, 't.')} from ${rowsSql(passedColumns)}
   where not exists (select from drift_episode e where e.instance_id = t.instance_id and e.episode = t.episode)
  returning id, instance_id "instanceId", episode`;

/** An id that is no exception's is the agent's mistake, and not worth losing the report for. */
function exceptionIdOf(excepted: string | null): bigint | null {
  if (excepted === null) return null;
  try {
    return decodeId('drift exception', excepted);
  } catch {
    return null;
  }
}
