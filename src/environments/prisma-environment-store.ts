// Environments in Postgres. Membership is one statement per hundred environments: selectors become conditions on the
// clusters' label index.
import { Injectable } from '@nestjs/common';
import type { FleetScope } from '../clusters/fleet-membership-port.ts';
import {
  isSelectorProblem,
  parseLabelSelector,
  selectorProblemText,
  selectorSql,
  type LabelSelector,
} from '../clusters/domain/label-selector.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import { EnvironmentStore } from './environment-store.ts';
import type { Environment } from './domain/environment.ts';

const columns = 'id, name, selector, created_at as "createdAt"';
const ENVIRONMENTS_PER_STATEMENT = 100;

@Injectable()
export class PrismaEnvironmentStore extends EnvironmentStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByName(name: string): Promise<Environment | undefined> {
    const [found] = await this.findByNames([name]);
    return found;
  }

  override findByIds(ids: readonly bigint[]): Promise<Environment[]> {
    return this.database.sql<Environment>(`select ${columns} from environment where id = any($1::bigint[])`, [
      ids,
    ]);
  }

  override findByNames(names: readonly string[]): Promise<Environment[]> {
    return this.database.sql<Environment>(`select ${columns} from environment where name = any($1::text[])`, [
      names,
    ]);
  }

  override async page(first: number, after: string | undefined): Promise<Page<Environment>> {
    const rows = await this.database.sql<Environment>(
      `select ${columns} from environment where ($1::text is null or name > $1) order by name limit $2`,
      [after ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override async lockByName({ sql }: Transaction, name: string): Promise<Environment | undefined> {
    const rows = await sql<Environment>(`select ${columns} from environment where name = $1 for update`, [
      name,
    ]);
    return rows[0];
  }

  override async save({ sql }: Transaction, name: string, selector: string): Promise<Environment> {
    const [saved] = await sql<Environment>(
      `insert into environment (name, selector) values ($1, $2)
       on conflict (name) do update set selector = excluded.selector returning ${columns}`,
      [name, selector],
    );
    if (!saved) throw new Error(`Saving environment "${name}" answered no row.`);
    return saved;
  }

  override async delete({ sql }: Transaction, id: bigint): Promise<void> {
    await sql('delete from environment where id = $1', [id]);
  }

  override async refreshMembers(tx: Transaction, scope: FleetScope): Promise<void> {
    if (scope.environmentIds?.length) await this.refresh(tx, scope.environmentIds, null);
    if (scope.clusterIds?.length) await this.refresh(tx, null, scope.clusterIds);
  }

  private async refresh(
    tx: Transaction,
    environmentIds: readonly bigint[] | null,
    clusterIds: readonly bigint[] | null,
  ): Promise<void> {
    const environments = await tx.sql<Environment>(
      `select ${columns} from environment where $1::bigint[] is null or id = any($1) order by id`,
      [environmentIds],
    );
    for (let from = 0; from < environments.length; from += ENVIRONMENTS_PER_STATEMENT) {
      const chunk = environments.slice(from, from + ENVIRONMENTS_PER_STATEMENT);
      const { text, values } = refreshSql(chunk, clusterIds);
      await tx.sql(text, values);
    }
  }
}

/** Deletes members that should not be, adds those that are missing. `clusterIds` null: all clusters. */
function refreshSql(
  environments: readonly Environment[],
  clusterIds: readonly bigint[] | null,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [environments.map(({ id }) => id), clusterIds];
  const wanted = environments.map(({ id, name, selector }) => {
    const condition = selectorSql(storedSelector(name, selector), 'c.label_kv', values.length + 1);
    values.push(...condition.values);
    return `select ${id}::bigint as environment_id, c.id as cluster_id from living c where ${condition.text}`;
  });
  const text = `with living as (
      select id, label_kv from cluster
      where accepted_at is not null and revoked_at is null and deleting_since is null
        and ($2::bigint[] is null or id = any($2))
    ), wanted as (${wanted.join(' union all ')}),
    gone as (
      delete from environment_member m
      where m.environment_id = any($1::bigint[]) and ($2::bigint[] is null or m.cluster_id = any($2))
        and not exists (select from wanted w where w.environment_id = m.environment_id and w.cluster_id = m.cluster_id)
    )
    insert into environment_member (environment_id, cluster_id)
    select environment_id, cluster_id from wanted order by 1, 2 on conflict do nothing`;
  return { text, values };
}

/** It was checked when it was saved. Should it not parse any more, nothing may be concluded from it. */
function storedSelector(environment: string, text: string): LabelSelector {
  const selector = parseLabelSelector(text);
  if (!isSelectorProblem(selector)) return selector;
  const problem = selectorProblemText(text, selector);
  throw new Error(`Environment "${environment}" cannot be evaluated; save it again with a good ${problem}`);
}
