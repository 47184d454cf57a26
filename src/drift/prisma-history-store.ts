// Partitions in Postgres. The names of tables come from history-months.ts and are checked once more, because names
// cannot be parameters.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import type { HistoryMonth } from './domain/history-months.ts';
import { HistoryStore } from './history-store.ts';

/** Two replicas must not make one month at once. */
const MONTHS_LOCK = 7_270_767_202n;

@Injectable()
export class PrismaHistoryStore extends HistoryStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async months(): Promise<string[]> {
    const rows = await this.database.sql<{ name: string }>(
      `select c.relname::text name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'drift_episode'::regclass order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  override async make({ table, from, to }: HistoryMonth): Promise<void> {
    const name = checked(table);
    await this.database.transaction(async (tx) => {
      await tx.sql('select pg_advisory_xact_lock($1)', [MONTHS_LOCK]);
      const [there] = await tx.sql<{ oid: unknown }>('select to_regclass($1) oid', [table]);
      if (there?.oid !== null) return;
      await tx.sql(`create table ${name} (like drift_episode including defaults including constraints)`);
      await tx.sql(
        `with moved as (delete from drift_episode_default where closed_at >= $1 and closed_at < $2 returning *)
         insert into ${name} select * from moved`,
        [from, to],
      );
      await tx.sql(
        `alter table drift_episode attach partition ${name} for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
      );
    });
  }

  override async drop(table: string): Promise<void> {
    await this.database.sql(`drop table if exists ${checked(table)}`);
  }

  override async dropStray(before: Date): Promise<void> {
    await this.database.sql('delete from drift_episode_default where closed_at < $1', [before]);
  }
}

function checked(table: string): string {
  if (!/^drift_episode_\d{4}_\d{2}$/.test(table)) throw new Error(`"${table}" is no month of drift_episode`);
  return `"${table}"`;
}
