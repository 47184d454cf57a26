// Exceptions in Postgres.
import { Injectable } from '@nestjs/common';
import { selectorSql } from '../clusters/domain/label-selector.ts';
import { readSelector } from '../clusters/graphql/selector-input.type.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { DriftException, ExceptionScope } from './domain/exception.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import { clusterJoin, driftFilterSql, DriftParameters } from './drift-filter-sql.ts';
import {
  ExceptionStore,
  type ExceptionReach,
  type InstanceExceptions,
  type NewException,
} from './exception-store.ts';

const scopeNames = [
  'application',
  'environment',
  'cluster',
  'selector',
  'objectKind',
  'namespace',
  'name',
  'path',
  'manager',
] as const satisfies readonly (keyof ExceptionScope)[];

const columns = `x.id, x.reason, x.created_by "createdBy", x.created_at "createdAt", x.until, x.ended_at "endedAt",
  x.application, x.environment, x.cluster, x.selector, x.object_kind "objectKind", x.namespace, x.name, x.path, x.manager`;

/** Two processes that spread at once could each miss the other's exception. */
const SPREADING_LOCK = 7_270_767_201n;

@Injectable()
export class PrismaExceptionStore extends ExceptionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async unknownNames({ application, environment, cluster }: ExceptionScope): Promise<string[]> {
    const rows = await this.database.sql<{ unknown: string }>(
      `select t.kind || ' "' || t.name || '"' unknown
         from (values ('application', $1, exists (select from application where name = $1)),
                      ('environment', $2, exists (select from environment where name = $2)),
                      ('cluster', $3, exists (select from cluster where name = $3))) t(kind, name, known)
        where t.name <> '' and not t.known`,
      [application, environment, cluster],
    );
    return rows.map(({ unknown }) => unknown);
  }

  override async insert(tx: Transaction, exception: NewException): Promise<DriftException> {
    const { reason, createdBy, until } = exception;
    const [row] = await tx.sql<DriftException>(
      `insert into drift_exception as x (reason, created_by, until, application, environment, cluster, selector,
                                         object_kind, namespace, name, path, manager)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning ${columns}`,
      [reason, createdBy, until, ...scopeNames.map((name) => exception[name])],
    );
    if (!row) throw new Error('an inserted exception did not come back');
    return row;
  }

  override byIds(ids: readonly bigint[]): Promise<DriftException[]> {
    return this.database.sql<DriftException>(
      `select ${columns} from drift_exception x where x.id = any($1::bigint[])`,
      [ids],
    );
  }

  override async page(
    active: boolean | undefined,
    { first, after }: { readonly first: number; readonly after: bigint | undefined },
  ): Promise<Page<DriftException>> {
    const rows = await this.database.sql<DriftException>(
      `select ${columns} from drift_exception x
        where ($1::boolean is null or (x.ended_at is null) = $1) and ($2::bigint is null or x.id < $2)
        order by x.id desc limit $3`,
      [active ?? null, after ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override inForce(tx: Transaction): Promise<DriftException[]> {
    return tx.sql<DriftException>(`select ${columns} from drift_exception x where x.ended_at is null`);
  }

  override async anyInForce(): Promise<boolean> {
    const rows = await this.database.sql('select from drift_exception where ended_at is null limit 1');
    return rows.length > 0;
  }

  override async end(tx: Transaction, id: bigint, by: string): Promise<DriftException | undefined> {
    const [row] = await tx.sql<DriftException>(
      `update drift_exception x set ended_at = now(), ended_by = $2
        where x.id = $1 and x.ended_at is null returning ${columns}`,
      [id, by],
    );
    return row;
  }

  override endExpired(tx: Transaction, now: Date, limit: number): Promise<DriftException[]> {
    return tx.sql<DriftException>(
      `update drift_exception x set ended_at = x.until, ended_by = 'fairlead'
         from (select id from drift_exception where ended_at is null and until <= $1
                order by until limit $2 for update skip locked) due
        where x.id = due.id returning ${columns}`,
      [now, limit],
    );
  }

  override async markItems(tx: Transaction, exception: DriftException): Promise<number> {
    const parameters = new DriftParameters();
    const filter = filterOf(exception);
    const where = driftFilterSql(filter, parameters, new Date(0));
    // Locked in the order of all writers of items.
    const rows = await tx.sql(
      `update drift_item i set exception_id = ${parameters.add(exception.id)}
         from (select d.id from drift_item d ${clusterJoin(filter)}
                where ${where} and d.exception_id is null order by d.id for update of d) due
        where i.id = due.id returning i.id`,
      parameters.values,
    );
    return rows.length;
  }

  override async unmarkItems(tx: Transaction, ids: readonly bigint[]): Promise<bigint[]> {
    const rows = await tx.sql<{ id: bigint }>(
      `update drift_item i set exception_id = null
         from (select id from drift_item where exception_id = any($1::bigint[]) order by id for update) due
        where i.id = due.id returning i.id`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  override reached(
    tx: Transaction,
    reach: ExceptionReach,
    { after, limit }: { readonly after: bigint; readonly limit: number },
  ): Promise<InstanceExceptions[]> {
    const parameters = new DriftParameters();
    const where = reachSql(reach, parameters);
    return tx.sql<InstanceExceptions>(
      `select i.id, i.application_name application, i.environment_name environment, c.name cluster, c.labels, i.exceptions
         from instance i join cluster c on c.id = i.cluster_id
        where i.tombstone is null and i.id > ${parameters.add(after)} and (${where})
        order by i.id limit ${parameters.add(limit)}`,
      parameters.values,
    );
  }

  override async lockSpreading(tx: Transaction): Promise<void> {
    await tx.sql('select pg_advisory_xact_lock($1)', [SPREADING_LOCK]);
  }
}

function reachSql(reach: ExceptionReach, parameters: DriftParameters): string {
  if ('instanceIds' in reach) return `i.id = any(${parameters.add(reach.instanceIds)}::bigint[])`;
  if ('clusterIds' in reach) return `i.cluster_id = any(${parameters.add(reach.clusterIds)}::bigint[])`;
  const { exception, publicId } = reach;
  const has = `i.exceptions <> '[]'::jsonb and i.exceptions @> ${parameters.add(JSON.stringify([{ id: publicId }]))}::jsonb`;
  return exception.endedAt === null ? `(${has}) or (${scopeSql(exception, parameters)})` : has;
}

/** Names become ids, so that the indexes over ids serve them. */
function scopeSql(scope: ExceptionScope, parameters: DriftParameters): string {
  const named = (['application', 'environment', 'cluster'] as const).flatMap((table) =>
    scope[table] === ''
      ? []
      : [`i.${table}_id = (select id from ${table} where name = ${parameters.add(scope[table])})`],
  );
  const { text, values } = selectorSql(
    readSelector(scope.selector),
    'c.label_kv',
    parameters.values.length + 1,
  );
  parameters.values.push(...values);
  return [...named, text].join(' and ');
}

/** What it accepts, as a filter over items. */
function filterOf(scope: ExceptionScope): DriftFilter {
  const { selector, ...names } = scope;
  const given = scopeNames.flatMap((name) =>
    name === 'selector' || names[name] === '' ? [] : [[name, names[name]] as const],
  );
  return {
    ...(Object.fromEntries(given) as DriftFilter),
    ...(selector !== '' && { selector: readSelector(selector) }),
  };
}
