// Applications in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Sql, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import { ApplicationStore, type ApplicationDraft } from './application-store.ts';
import type { Application, ApplicationSource } from './domain/application.ts';

type Row = Omit<Application, 'source' | 'sourceFault'> &
  ApplicationSource & {
    readonly sourceError: { readonly code: string; readonly message: string } | null;
    readonly sourceErrorAt: Date | null;
  };

const columns = `a.id, a.name, a.namespace, a.service_account_name "serviceAccountName",
  a.repository_id "repositoryId", r.url repository, a.ref, a.path,
  a.renderer, a.helm, a.policy_id "policyId", p.name "policyName", a.sync_policy "syncPolicy",
  a.health_rules "healthRules",
  a.source_error "sourceError", a.source_error_at "sourceErrorAt"`;
const joined =
  'application a join repository r on r.id = a.repository_id join policy p on p.id = a.policy_id';

@Injectable()
export class PrismaApplicationStore extends ApplicationStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByName(name: string): Promise<Application | undefined> {
    const [row] = await rows(this.database.sql, 'a.name = $1', [name]);
    return row;
  }

  override findByIds(ids: readonly bigint[]): Promise<Application[]> {
    return rows(this.database.sql, 'a.id = any($1::bigint[])', [ids]);
  }

  override async idsOfRepository(repositoryId: bigint): Promise<bigint[]> {
    const text = 'select id from application where repository_id = $1 order by id';
    return (await this.database.sql<{ id: bigint }>(text, [repositoryId])).map(({ id }) => id);
  }

  override async idsOfPolicy(policyId: bigint): Promise<bigint[]> {
    const text = 'select id from application where policy_id = $1 order by id';
    return (await this.database.sql<{ id: bigint }>(text, [policyId])).map(({ id }) => id);
  }

  override async page(
    search: string | undefined,
    first: number,
    after: string | undefined,
  ): Promise<Page<Application>> {
    const found = await rows(
      this.database.sql,
      `($1::text is null or a.name > $1)
       and ($2::text is null or strpos(a.name, lower($2)) > 0 or strpos(lower(r.url), lower($2)) > 0)
       order by a.name limit $3`,
      [after ?? null, search ?? null, first + 1],
    );
    return pageOf(found, first);
  }

  override async lockByName(tx: Transaction, name: string): Promise<Application | undefined> {
    const [row] = await rows(tx.sql, 'a.name = $1 for update of a', [name]);
    return row;
  }

  override async save(tx: Transaction, draft: ApplicationDraft): Promise<bigint> {
    const { name, namespace, serviceAccountName, repositoryId, policyId, source, syncPolicy, healthRules } =
      draft;
    const [row] = await tx.sql<{ id: bigint }>(
      `insert into application (name, namespace, repository_id, ref, path, renderer, helm, policy_id, sync_policy,
                                service_account_name, health_rules)
       values ($1, $2, $3, $4, $5, $6::"Renderer", $7::jsonb, $8, $9::jsonb, $10, $11::jsonb)
       on conflict (name) do update set namespace = excluded.namespace, repository_id = excluded.repository_id,
         ref = excluded.ref, path = excluded.path, renderer = excluded.renderer, helm = excluded.helm,
         policy_id = excluded.policy_id, sync_policy = excluded.sync_policy,
         service_account_name = excluded.service_account_name, health_rules = excluded.health_rules
       returning id`,
      [
        name,
        namespace,
        repositoryId,
        source.ref,
        source.path,
        source.renderer,
        source.helm ? JSON.stringify(source.helm) : null,
        policyId,
        JSON.stringify(syncPolicy),
        serviceAccountName,
        healthRules && JSON.stringify(healthRules),
      ],
    );
    if (!row) throw new Error(`application ${name} was not stored`);
    return row.id;
  }

  override async delete(tx: Transaction, id: bigint): Promise<void> {
    await tx.sql('delete from application where id = $1', [id]);
  }

  override async unknownEnvironments(tx: Transaction, names: readonly string[]): Promise<string[]> {
    const found = await tx.sql<{ name: string }>(
      'select name from environment where name = any($1::text[])',
      [names],
    );
    const known = new Set(found.map(({ name }) => name));
    return [...new Set(names)].filter((name) => !known.has(name));
  }
}

async function rows(sql: Sql, where: string, values: readonly unknown[]): Promise<Application[]> {
  const found = await sql<Row>(`select ${columns} from ${joined} where ${where}`, values);
  return found.map(toApplication);
}

function toApplication(row: Row): Application {
  const { repository, ref, path, renderer, helm, sourceError, sourceErrorAt, ...rest } = row;
  const sourceFault = sourceError && sourceErrorAt ? { ...sourceError, at: sourceErrorAt } : null;
  return { ...rest, source: { repository, ref, path, renderer, helm }, sourceFault };
}
