// The state of sources in Postgres: columns of the application that only releases writes.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { SourceStateStore, type NewSourceFault } from './source-state-store.ts';

@Injectable()
export class PrismaSourceStateStore extends SourceStateStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async sourceDigest(applicationId: bigint): Promise<string | null> {
    const [row] = await this.database.sql<{ digest: string | null }>(
      'select source_digest digest from application where id = $1',
      [applicationId],
    );
    return row?.digest ?? null;
  }

  override async recordFault(
    tx: Transaction,
    applicationId: bigint,
    fault: NewSourceFault,
  ): Promise<boolean> {
    const rows = await tx.sql(
      `update application set source_error = $2::jsonb, source_error_at = $3
       where id = $1 and source_error is distinct from $2::jsonb returning id`,
      [applicationId, JSON.stringify({ code: fault.code, message: fault.message }), fault.at],
    );
    return rows.length > 0;
  }

  override async recordSuccess(
    tx: Transaction,
    applicationId: bigint,
    { commit, sourceDigest }: { readonly commit: string; readonly sourceDigest: string },
  ): Promise<boolean> {
    const [row] = await tx.sql<{ hadFault: boolean }>(
      `with before as (select id, source_error from application where id = $1 for update)
       update application a set source_error = null, source_error_at = null, last_commit = $2, source_digest = $3
       from before where a.id = before.id
         and (a.source_error is not null or a.last_commit is distinct from $2 or a.source_digest is distinct from $3)
       returning before.source_error is not null "hadFault"`,
      [applicationId, commit, sourceDigest],
    );
    return row?.hadFault ?? false;
  }
}
