// The pool: types as the stores want them, and the connection of a Prisma transaction made known to us.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, types, type PoolClient } from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const TEXT_ARRAY = 1009;

type Parse = (text: string) => unknown;

// pg declares its parsers for the scalar types that it names, and has them for arrays all the same.
const standardParser = types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;
const parseTextArray = standardParser(TEXT_ARRAY) as (text: string) => (string | null)[];

const ourTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return BigInt;
    return oid === INT8_ARRAY ? int8Array : standardParser(oid, format);
  },
};

function int8Array(text: string): (bigint | null)[] {
  return parseTextArray(text).map((item) => (item === null ? null : BigInt(item)));
}

/** Filled with the connection that a transaction got. */
export interface Borrowed {
  client?: PoolClient;
}

/** Prisma's adapter asks this pool for the connection of each transaction; whoever runs it in `watch` learns which. */
export class WatchedPool extends Pool {
  readonly #watchers = new AsyncLocalStorage<Borrowed>();

  constructor(connectionString: string, applicationName: string) {
    super({
      connectionString,
      application_name: applicationName,
      max: 20,
      types: ourTypes,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 120_000,
      keepAlive: true,
    });
  }

  watch<T>(borrowed: Borrowed, work: () => Promise<T>): Promise<T> {
    return this.#watchers.run(borrowed, work);
  }

  override connect(): Promise<PoolClient>;
  override connect(
    callback: (
      error: Error | undefined,
      client: PoolClient | undefined,
      done: (release?: unknown) => void,
    ) => void,
  ): void;
  override connect(
    callback?: (
      error: Error | undefined,
      client: PoolClient | undefined,
      done: (release?: unknown) => void,
    ) => void,
  ): Promise<PoolClient> | void {
    if (callback) return super.connect(callback);
    const borrowed = this.#watchers.getStore();
    return super.connect().then((client) => {
      if (borrowed) borrowed.client ??= client;
      return client;
    });
  }
}
