// The door to Postgres. SQL wherever rows are changed or many are read; Prisma for ordinary reads.
import type { PrismaClient } from './generated/client.ts';

/** Runs one statement with `$1`-style parameters. int8 comes back as bigint, timestamptz as Date, jsonb parsed. */
export type Sql = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A transaction that is open. */
export interface Transaction {
  readonly sql: Sql;
  /** Runs in the transaction once its work is done, in the order asked for; what it throws rolls everything back. */
  beforeCommit(task: () => Promise<void>): void;
  /** Runs once the transaction is committed, never when it is rolled back; its failure is logged, not thrown. */
  afterCommit(task: () => void | Promise<void>): void;
}

/** Stores depend on this; nobody else opens connections. */
export abstract class Database {
  /** Outside any transaction. */
  abstract readonly prisma: PrismaClient;
  /** Outside any transaction. */
  abstract readonly sql: Sql;
  /** READ COMMITTED; rolled back when `work` throws. Rows that must not move are locked by `work` itself. */
  abstract transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
