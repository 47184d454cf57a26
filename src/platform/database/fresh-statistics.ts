import type { Sql } from './database.ts';

/** Fewer rows than this are found quickly with any plan. */
const MANY_ROWS = 1_000;

/** Tables that can grow by thousands of rows in one transaction. */
export type GrowingTable = 'instance' | 'promotion_target';

/**
 * Lets Postgres look at a table that at least doubled since it last did. It does so by itself only once a minute, and in
 * that minute takes thousands of rows for a handful: a join then compares each with each, and a rollout that takes a
 * second takes half a minute. As tables grow this happens with every doubling and otherwise never.
 */
export async function refreshStatistics(sql: Sql, table: GrowingTable, addedRows: number): Promise<void> {
  if (addedRows < MANY_ROWS) return;
  const [known] = await sql<{ rows: number }>('select reltuples "rows" from pg_class where oid = $1::regclass', [
    table,
  ]);
  // Whoever finds another at it goes on, so that nobody waits here with rows locked.
  if (known && known.rows < addedRows) await sql(`analyze (skip_locked) ${table}`);
}
