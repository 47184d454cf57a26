// Join tokens in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import { JoinTokenStore, type NewJoinToken } from './join-token-store.ts';
import type { JoinToken } from './domain/join-token.ts';

const columns = `id, cluster_name as "clusterName", labels, max_uses as "maxUses", uses, auto_accept as "autoAccept",
  replaces, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`;

const isActive = '(revoked_at is null and expires_at > $3 and uses < max_uses)';

@Injectable()
export class PrismaJoinTokenStore extends JoinTokenStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert({ sql }: Transaction, token: NewJoinToken): Promise<JoinToken> {
    const rows = await sql<JoinToken>(
      `insert into join_token (hash, cluster_name, labels, max_uses, auto_accept, replaces, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${columns}`,
      [
        token.hash,
        token.clusterName,
        JSON.stringify(token.labels),
        token.maxUses,
        token.autoAccept,
        token.replaces,
        token.createdBy,
        token.createdAt,
        token.expiresAt,
      ],
    );
    const [stored] = rows;
    if (!stored) throw new Error('The insert of a join token answered no row.');
    return stored;
  }

  override async findByHash({ sql }: Transaction, hash: Uint8Array): Promise<JoinToken | undefined> {
    const rows = await sql<JoinToken>(`select ${columns} from join_token where hash = $1`, [hash]);
    return rows[0];
  }

  override async spend({ sql }: Transaction, id: bigint, at: Date): Promise<boolean> {
    const rows = await sql(
      `update join_token set uses = uses + 1
        where id = $1 and uses < max_uses and revoked_at is null and expires_at > $2 returning id`,
      [id, at],
    );
    return rows.length > 0;
  }

  override async revoke(
    { sql }: Transaction,
    id: bigint,
    at: Date,
  ): Promise<{ token: JoinToken; revokedNow: boolean } | undefined> {
    const changed = await sql<JoinToken>(
      `update join_token set revoked_at = $2 where id = $1 and revoked_at is null returning ${columns}`,
      [id, at],
    );
    const [token] =
      changed.length > 0
        ? changed
        : await sql<JoinToken>(`select ${columns} from join_token where id = $1`, [id]);
    return token ? { token, revokedNow: changed.length > 0 } : undefined;
  }

  override async page(
    { active, now }: { readonly active?: boolean | undefined; readonly now: Date },
    first: number,
    before: bigint | undefined,
  ): Promise<Page<JoinToken>> {
    const rows = await this.database.sql<JoinToken>(
      `select ${columns} from join_token
       where ($1::bigint is null or id < $1) and ($4::boolean is null or ${isActive} = $4) order by id desc limit $2`,
      [before ?? null, first + 1, now, active ?? null],
    );
    return pageOf(rows, first);
  }
}
