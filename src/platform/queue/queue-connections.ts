// The connections of all queues and workers of this process to Postgres: a small pool, and one that listens for all.
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
import { Client, Pool } from 'pg';

/** Each statement of BullMQ's is short, and none holds a connection. */
const STATEMENTS_AT_ONCE = 6;

/** What a borrower of the listening connection holds of it: its own ears, on the one line. */
class Listener extends EventEmitter implements PgPoolClient {
  readonly #line: Client;
  readonly #leave: (listener: Listener) => void;

  constructor(line: Client, leave: (listener: Listener) => void) {
    super();
    this.#line = line;
    this.#leave = leave;
  }

  query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    return run<Row>(this.#line, text, values);
  }

  release(): void {
    this.#leave(this);
  }
}

/** Stands for a pool where BullMQ wants one. `end` closes everything; BullMQ leaves that to the owner. */
export class QueueConnections extends EventEmitter implements PgPool {
  readonly #config: ConstructorParameters<typeof Client>[0] & object;
  readonly #pool: Pool;
  readonly #listeners = new Set<Listener>();
  #migrated: Promise<unknown> | undefined;
  #line: Promise<Client> | undefined;
  #ended: Promise<void> | undefined;

  constructor(connectionString: string) {
    super();
    this.setMaxListeners(0);
    // Commits do not wait for the disk: what a crash of the database takes back is that a job ended, and every job may run
    // twice; that one was added is on disk before the notice is removed that asked for it, since the log is in order.
    const options = `-c synchronous_commit=off -c search_path=${quoteSchemaName(DEFAULT_SCHEMA)}`;
    this.#config = { connectionString, application_name: 'fairlead-queue', options, keepAlive: true };
    this.#pool = new Pool({ ...this.#config, max: STATEMENTS_AT_ONCE });
    this.#pool.on('error', (error) => this.#tell(error));
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    await this.#migrate();
    return run<Row>(this.#pool, text, values);
  }

  /** For listening. All who borrow share one connection; where it breaks each is told, and comes again. */
  async connect(): Promise<PgPoolClient> {
    await this.#migrate();
    const line = await (this.#line ??= this.#open());
    const listener = new Listener(line, (left) => this.#listeners.delete(left));
    this.#listeners.add(listener);
    return listener;
  }

  end(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    const line = await this.#line?.catch(() => undefined);
    this.#line = undefined;
    await line?.end();
    await this.#pool.end();
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

  async #open(): Promise<Client> {
    const line = new Client(this.#config);
    line.on('notification', (notification) => {
      for (const listener of this.#listeners) listener.emit('notification', notification);
    });
    line.on('error', (error) => this.#broken(error));
    try {
      await line.connect();
    } catch (error) {
      this.#line = undefined;
      throw error;
    }
    return line;
  }

  #broken(error: Error): void {
    this.#line = undefined;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) if (listener.listenerCount('error') > 0) listener.emit('error', error);
  }

  #tell(error: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}

async function run<Row>(
  on: Client | Pool,
  text: string,
  values?: readonly unknown[],
): Promise<PgQueryResult<Row>> {
  const { rows, rowCount } = await (values ? on.query(text, [...values]) : on.query(text));
  return { rows: rows as Row[], rowCount };
}
