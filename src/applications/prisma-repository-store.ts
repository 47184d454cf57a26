// Repositories in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { SourceFault } from './domain/application.ts';
import type { CredentialKind } from './domain/repository-credential.ts';
import { RepositoryStore, type Repository, type SealedRepository } from './repository-store.ts';

interface Row extends Omit<Repository, 'fault'> {
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly errorAt: Date | null;
}

const columns = `id, url, credential_kind "credentialKind", last_fetched_at "lastFetchedAt",
  last_commit "lastCommit", error, error_at "errorAt"`;

@Injectable()
export class PrismaRepositoryStore extends RepositoryStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async page(first: number, after: string | undefined): Promise<Page<Repository>> {
    const rows = await this.database.sql<Row>(
      `select ${columns} from repository where $1::text is null or url > $1 order by url limit $2`,
      [after ?? null, first + 1],
    );
    return pageOf(rows.map(toRepository), first);
  }

  override async findSealed(id: bigint): Promise<SealedRepository | undefined> {
    const [row] = await this.database.sql<SealedRepository>(
      'select id, url, credential from repository where id = $1',
      [id],
    );
    return row;
  }

  override async idsInUse(): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(
      'select id from repository r where exists (select from application a where a.repository_id = r.id) order by id',
    );
    return rows.map(({ id }) => id);
  }

  override async save(
    tx: Transaction,
    url: string,
    kind: CredentialKind,
    sealed: Uint8Array | null,
  ): Promise<Repository> {
    const [row] = await tx.sql<Row>(
      `insert into repository (url, credential_kind, credential) values ($1, $2::"CredentialKind", $3)
       on conflict (url) do update set credential_kind = excluded.credential_kind, credential = excluded.credential
       returning ${columns}`,
      [url, kind, sealed],
    );
    if (!row) throw new Error('the repository was not stored');
    return toRepository(row);
  }

  override async ensure(tx: Transaction, url: string): Promise<bigint> {
    await tx.sql('insert into repository (url) values ($1) on conflict (url) do nothing', [url]);
    const [row] = await tx.sql<{ id: bigint }>('select id from repository where url = $1 for key share', [
      url,
    ]);
    if (!row) throw new Error('the repository was deleted while an application was saved');
    return row.id;
  }

  override async lockByUrl(tx: Transaction, url: string): Promise<Repository | undefined> {
    const [row] = await tx.sql<Row>(`select ${columns} from repository where url = $1 for update`, [url]);
    return row && toRepository(row);
  }

  override async usedBy(tx: Transaction, id: bigint, limit: number): Promise<string[]> {
    const text = 'select name from application where repository_id = $1 order by name limit $2';
    return (await tx.sql<{ name: string }>(text, [id, limit])).map(({ name }) => name);
  }

  override async applicationIds(tx: Transaction, id: bigint): Promise<bigint[]> {
    const text = 'select id from application where repository_id = $1 order by id';
    return (await tx.sql<{ id: bigint }>(text, [id])).map((row) => row.id);
  }

  override async delete(tx: Transaction, id: bigint): Promise<void> {
    await tx.sql('delete from repository where id = $1', [id]);
  }

  override async recordFetch(id: bigint, at: Date, commit: string | undefined): Promise<void> {
    await this.database.sql(
      `update repository set last_fetched_at = $2, last_commit = $3, error = null, error_at = null
       where id = $1 and (last_commit is distinct from $3 or error is not null or last_fetched_at is null
         or last_fetched_at < $2::timestamptz - interval '1 minute')`,
      [id, at, commit ?? null],
    );
  }

  override async recordFault(id: bigint, { code, message, at }: SourceFault): Promise<void> {
    await this.database.sql(
      `update repository set error = $2::jsonb, error_at = $3 where id = $1 and error is distinct from $2::jsonb`,
      [id, JSON.stringify({ code, message }), at],
    );
  }
}

function toRepository({ error, errorAt, ...row }: Row): Repository {
  return { ...row, fault: error && errorAt ? { ...error, at: errorAt } : null };
}
