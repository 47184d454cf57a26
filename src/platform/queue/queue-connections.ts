// The connections of all queues and workers of this process to Postgres: a small pool, and one line that listens for all.
// By itself BullMQ gives each queue and each worker a pool, and each worker a listener: a hundred connections for a hub,
// and every job that is added wakes every listener of every hub.
import { EventEmitter } from 'node:events';
import {
  DEFAULT_SCHEMA,
  quoteSchemaName,
  runMigrations,
  type PgPool,
  type PgPoolClient,
  type PgQueryResult,
} from 'bullmq';
import { Pool, type ClientConfig } from 'pg';
import { ListeningLine } from './listening-line.ts';

/** Each statement of BullMQ's is short, and none holds a connection. */
const STATEMENTS_AT_ONCE = 6;

/** Stands for a pool where BullMQ wants one. `end` closes everything; BullMQ leaves that to the owner. */
export class QueueConnections extends EventEmitter implements PgPool {
  readonly #pool: Pool;
  readonly #line: ListeningLine;
  #migrated: Promise<unknown> | undefined;
  #ended: Promise<void> | undefined;

  /** `onError`: a connection that was idle broke; the next statement gets another one. */
  constructor(connectionString: string, onError: (error: Error) => void) {
    super();
    // Each backend of BullMQ's wants to hear of the pool's errors; they are told once, to `onError`.
    this.setMaxListeners(0);
    // Commits do not wait for the disk: what a crash of the database takes back is that a job ended, and every job may run
    // twice; that one was added is on disk before the notice is removed that asked for it, since the log is in order.
    const options = `-c synchronous_commit=off -c search_path=${quoteSchemaName(DEFAULT_SCHEMA)}`;
    const config: ClientConfig = {
      connectionString,
      options,
      application_name: 'fairlead-queue',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // A line that nobody speaks on and that died unnoticed would tell of no job for hours.
      keepAliveInitialDelayMillis: 10_000,
    };
    this.#pool = new Pool({ ...config, max: STATEMENTS_AT_ONCE });
    this.#pool.on('error', onError);
    this.#line = new ListeningLine(config);
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    await this.#migrate();
    const { rows, rowCount } = await (values ? this.#pool.query(text, [...values]) : this.#pool.query(text));
    return { rows: rows as Row[], rowCount };
  }

  /** For a first look at the schema, and then for listening, which all do on one line. */
  async connect(): Promise<PgPoolClient> {
    await this.#migrate();
    return new Ear(this, this.#line);
  }

  end(): Promise<void> {
    this.#ended ??= this.#line.end().then(() => this.#pool.end());
    return this.#ended;
  }

  /** Once; what failed is tried again by whoever asks next. */
  #migrate(): Promise<unknown> {
    this.#migrated ??= this.#runMigrations().catch((error: unknown) => {
      this.#migrated = undefined;
      throw error;
    });
    return this.#migrated;
  }

  async #runMigrations(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await runMigrations(client, DEFAULT_SCHEMA);
    } finally {
      client.release();
    }
  }
}

/** What a borrower takes for a connection of its own: it listens on the line, and everything else goes to the pool. */
class Ear extends EventEmitter implements PgPoolClient {
  readonly #connections: QueueConnections;
  readonly #line: ListeningLine;

  constructor(connections: QueueConnections, line: ListeningLine) {
    super();
    this.#connections = connections;
    this.#line = line;
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    if (!/^\s*listen\s/im.test(text)) return this.#connections.query<Row>(text, values);
    await this.#line.listen(this, text);
    return { rows: [] };
  }

  release(): void {
    this.#line.leave(this);
  }
}
