// The database on pg and Prisma over one pool. A transaction has a connection of its own.
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool, PoolClient } from 'pg';
import type { Log } from '../logging/log.ts';
import { Database, type Sql, type Transaction } from './database.ts';
import { PrismaClient } from './generated/client.ts';
import { StatementNames } from './statement-names.ts';
import { postgresPool } from './postgres-pool.ts';

/** Deadlock and serialization failure: the work was undone and may simply run again. */
const retryable = new Set(['40P01', '40001']);
const ATTEMPTS = 3;

/**
 * What is planned anew each time costs more to plan than to do: a look at a slot asks twenty statements of up to ten tables
 * for a handful of rows. Lists with many filters, for which a plan of their own pays, are read outside transactions.
 */
const BEGIN = 'begin; set local plan_cache_mode = force_generic_plan';

type AfterCommit = () => void | Promise<void>;

/** Connects on first use; `close` ends everything. */
export class PostgresDatabase extends Database {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #names = new StatementNames();
  #prisma: PrismaClient | undefined;

  constructor(connectionString: string, log: Log, applicationName = 'fairlead') {
    super();
    this.#log = log;
    this.#pool = postgresPool(connectionString, applicationName);
    // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
    this.#pool.on('error', (error) => log.warn('a database connection broke', { error }));
    // The pool listens to idle connections alone; what runs on a lent one fails with the error by itself.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  override get prisma(): PrismaClient {
    const statementNameGenerator = ({ sql }: { readonly sql: string }): string => this.#names.nameOf(sql);
    const options = { disposeExternalPool: false, statementNameGenerator };
    this.#prisma ??= new PrismaClient({ adapter: new PrismaPg(this.#pool, options) });
    return this.#prisma;
  }

  override readonly sql: Sql = <Row>(text: string, values?: readonly unknown[]) =>
    this.#sqlOn(this.#pool)<Row>(text, values);

  override transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#attempt(async (afterCommit) => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query(BEGIN);
        const result = await this.#within(client, afterCommit, work);
        await client.query('commit');
        return result;
      } catch (error) {
        // A connection on which not even rollback works is thrown away, not put back.
        await client.query('rollback').catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  async #within<T>(
    client: PoolClient,
    afterCommit: AfterCommit[],
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const beforeCommit: (() => Promise<void>)[] = [];
    const result = await work({
      sql: this.#sqlOn(client),
      beforeCommit: (task) => void beforeCommit.push(task),
      afterCommit: (task) => void afterCommit.push(task),
    });
    // One of them may ask for another.
    for (let next = beforeCommit.shift(); next; next = beforeCommit.shift()) await next();
    return result;
  }

  async close(): Promise<void> {
    await this.#prisma?.$disconnect();
    await this.#pool.end();
  }

  #sqlOn(on: Queryable): Sql {
    return async <Row>(text: string, values?: readonly unknown[]) => {
      // Only what has values goes by the protocol that knows names; the rest may be several statements.
      const query = values ? { name: this.#names.nameOf(text), text, values: [...values] } : { text };
      return (await on.query<Row & object>(query)).rows;
    };
  }

  async #attempt<T>(run: (afterCommit: AfterCommit[]) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const afterCommit: AfterCommit[] = [];
      try {
        const result = await run(afterCommit);
        await this.#runAfterCommit(afterCommit);
        return result;
      } catch (error) {
        if (attempt >= ATTEMPTS || !retryable.has(sqlStateOf(error))) throw error;
        this.#log.debug('a transaction is tried again', { attempt, error });
      }
    }
  }

  async #runAfterCommit(tasks: readonly AfterCommit[]): Promise<void> {
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        this.#log.error('what was to follow a commit failed', { error });
      }
    }
  }
}

type Queryable = Pick<PoolClient, 'query'>;

/** Postgres' five-character code; empty where it is no error of Postgres'. */
export function sqlStateOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}
