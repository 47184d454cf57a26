// API tokens in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Sql, type Transaction } from '../platform/database/database.ts';
import type { ApiToken as Row } from '../platform/database/generated/client.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import { ApiTokenStore, type NewApiToken } from './api-token-store.ts';
import type { ApiToken } from './domain/api-token.ts';
import type { UserStanding } from './domain/caller.ts';

const columns = `id, name, user_name "user", role, emails, created_at "createdAt", expires_at "expiresAt",
  last_used_at "lastUsedAt", revoked_at "revokedAt"`;

const FIRST_TOKEN_LOCK = 4_070_002;

@Injectable()
export class PrismaApiTokenStore extends ApiTokenStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert({ sql }: Transaction, token: NewApiToken): Promise<ApiToken> {
    const [made] = await sql<ApiToken>(
      `insert into api_token (name, user_name, role, emails, hash, created_at, expires_at)
       values ($1, $2, $3::"Role", $4, $5, $6, $7) returning ${columns}`,
      valuesOf(token),
    );
    if (!made) throw new Error('The database did not answer with the token that it stored.');
    return made;
  }

  override async insertFirst({ sql }: Transaction, token: NewApiToken): Promise<boolean> {
    await sql('select pg_advisory_xact_lock($1)', [FIRST_TOKEN_LOCK]);
    const rows = await sql(
      `insert into api_token (name, user_name, role, emails, hash, created_at, expires_at)
       select $1, $2, $3::"Role", $4, $5, $6, $7 where not exists (select from api_token) returning id`,
      valuesOf(token),
    );
    return rows.length > 0;
  }

  override async findByHash(hash: Uint8Array): Promise<ApiToken | undefined> {
    const row = await this.database.prisma.apiToken.findUnique({ where: { hash: Uint8Array.from(hash) } });
    return row ? toApiToken(row) : undefined;
  }

  override async revoke(
    { sql }: Transaction,
    id: bigint,
    at: Date,
  ): Promise<{ token: ApiToken; revokedNow: boolean } | undefined> {
    const revoked = await sql(
      'update api_token set revoked_at = $2 where id = $1 and revoked_at is null returning id',
      [id, at],
    );
    const [token] = await sql<ApiToken>(`select ${columns} from api_token where id = $1`, [id]);
    return token && { token, revokedNow: revoked.length > 0 };
  }

  override standingsOf(sql: Sql, users: readonly string[]): Promise<UserStanding[]> {
    return sql<UserStanding>(
      `select t.user_name "user", array_agg(distinct t.role::text) roles,
              coalesce(array_agg(distinct e) filter (where e is not null), '{}') emails
         from api_token t left join lateral unnest(t.emails) e on true
        where t.user_name = any($1::text[]) and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
        group by t.user_name`,
      [users],
    );
  }

  override async unrevoked(ids: readonly bigint[]): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(
      'select id from api_token where id = any($1::bigint[]) and revoked_at is null',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  override async page(first: number, before: bigint | undefined): Promise<Page<ApiToken>> {
    const rows = await this.database.prisma.apiToken.findMany({
      ...(before === undefined ? {} : { where: { id: { lt: before } } }),
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return pageOf(rows.map(toApiToken), first);
  }

  override async touch(uses: readonly (readonly [bigint, Date])[]): Promise<void> {
    const sorted = uses.toSorted(([a], [b]) => Number(a - b));
    await this.database.sql(
      `update api_token t set last_used_at = u.at
       from unnest($1::bigint[], $2::timestamptz[]) as u(id, at)
       where t.id = u.id and (t.last_used_at is null or t.last_used_at < u.at)`,
      [sorted.map(([id]) => id), sorted.map(([, at]) => at)],
    );
  }
}

function valuesOf({ name, user, role, emails, hash, createdAt, expiresAt }: NewApiToken): unknown[] {
  return [name, user, role, emails, hash, createdAt, expiresAt];
}

function toApiToken({ hash: _hash, ...row }: Row): ApiToken {
  return row;
}
