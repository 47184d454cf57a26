// The door to Postgres. Prisma for ordinary reads and writes, raw SQL for whatever moves many rows at once.
import type { Prisma, PrismaClient } from './generated/client.ts';

/** Runs one statement with `$1`-style parameters. int8 comes back as bigint, timestamptz as Date, jsonb parsed. */
export type Sql = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A transaction on raw SQL alone: hot paths, where Prisma's cost per statement would show. */
export interface SqlTransaction {
  readonly sql: Sql;
  /** Runs once the transaction is committed, never when it is rolled back; its failure is logged, not thrown. */
  afterCommit(task: () => void | Promise<void>): void;
}

/** A transaction on Prisma; its `sql` runs in the same one. */
export interface Transaction extends SqlTransaction {
  readonly prisma: Prisma.TransactionClient;
}

/** Stores depend on this; nobody else opens connections. */
export abstract class Database {
  abstract readonly prisma: PrismaClient;
  /** Outside any transaction. */
  abstract readonly sql: Sql;
  /** READ COMMITTED; rolled back when `work` throws. Rows that must not move are locked by `work` itself. */
  abstract transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  abstract sqlTransaction<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T>;
}
