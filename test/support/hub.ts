// A whole hub in this process: the real application on a free port with a database of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readSettings } from '../../src/platform/config/settings.ts';
import { startHub } from '../../src/start-hub.ts';
import { startTestDatabase } from './postgres.ts';

/** What an operation answered: data with no error, or it threw. */
export type Data = Record<string, unknown>;

/** One error of an answer. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId?: string };
}

/** The whole answer, errors included. */
export interface Answer<Result = Data> {
  readonly status: number;
  readonly data?: Result | null;
  readonly errors?: readonly AnsweredError[];
}

/** Values of a subscription, as they come. */
export interface Subscribed<Result> extends AsyncIterable<Result> {
  next(): Promise<Result>;
  stop(): void;
}

/** One message of a subscription. */
interface Event<Result> {
  readonly data?: Result | null | undefined;
  readonly errors?: readonly unknown[] | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

/** A hub under test. `token`: the admin's where left out, none where `null`. */
export interface TestHub {
  readonly url: string;
  readonly adminToken: string;
  readonly databaseUrl: string;
  /** Data; throws the errors' messages. */
  graphql<Result = Data>(query: string, variables?: Variables, token?: string | null): Promise<Result>;
  /** Data and errors. */
  answer<Result = Data>(query: string, variables?: Variables, token?: string | null): Promise<Answer<Result>>;
  /** Resolves once the hub has acknowledged the connection, so that what happens afterwards is seen. */
  subscribe<Result = Data>(query: string, variables?: Variables, token?: string): Promise<Subscribed<Result>>;
  stop(): Promise<void>;
}

const adminToken = 'admin-token-of-the-tests-0001';

/** Starts a hub; `environment` adds FAIRLEAD_ variables. Pass `databaseUrl` there to start a second one on the same database. */
export async function startTestHub(environment: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const ownDatabase =
    environment['FAIRLEAD_DATABASE_URL'] === undefined ? await startTestDatabase() : undefined;
  const databaseUrl = environment['FAIRLEAD_DATABASE_URL'] ?? ownDatabase?.connectionString ?? '';
  const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-test-hub-'));
  const settings = readSettings({
    FAIRLEAD_DATABASE_URL: databaseUrl,
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_PORT: '0',
    FAIRLEAD_ADMIN_TOKEN: adminToken,
    FAIRLEAD_SECRET_KEY: 'secret-key-of-the-tests-0001',
    FAIRLEAD_FILE_REPOSITORIES: tmpdir(),
    FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    FAIRLEAD_LOG_LEVEL: process.env['FAIRLEAD_LOG_LEVEL'] ?? 'error',
    ...environment,
  });
  const hub = await startHub(settings);
  return {
    ...hubClient(hub.url),
    databaseUrl,
    stop: async () => {
      await hub.stop();
      await ownDatabase?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The client's side alone, for a hub that runs elsewhere. */
export function hubClient(url: string, token: string = adminToken): Omit<TestHub, 'databaseUrl' | 'stop'> {
  const answer = <Result>(query: string, variables: Variables = {}, as: string | null = token) =>
    post<Result>(url, query, variables, as);
  return {
    url,
    adminToken: token,
    answer,
    async graphql<Result>(query: string, variables: Variables = {}, as: string | null = token) {
      const { data, errors } = await answer<Result>(query, variables, as);
      if (errors || !data)
        throw new Error(
          (errors ?? []).map((error) => `${error.extensions.code}: ${error.message}`).join('; '),
        );
      return data;
    },
    subscribe: <Result>(query: string, variables: Variables = {}, as: string = token) =>
      openSubscription<Result>(url, query, variables, as),
  };
}

async function post<Result>(
  url: string,
  query: string,
  variables: Variables,
  token: string | null,
): Promise<Answer<Result>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<Result>, 'status'>) };
}

async function openSubscription<Result>(
  url: string,
  query: string,
  variables: Variables,
  token: string,
): Promise<Subscribed<Result>> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
  });
  await new Promise<void>((connected, failed) => {
    client.on('connected', () => connected());
    client.on('closed', (event) => failed(new Error(`closed: ${JSON.stringify(closeOf(event))}`)));
  });
  const results = client.iterate<Result>({ query, variables });
  const pending = results.next();
  // Messages of one connection are handled in order: an operation that was answered shows that the subscription stands.
  await client.iterate({ query: '{ __typename }' }).next();
  return subscribed<Result>(results, pending, () => void client.dispose());
}

function closeOf(event: unknown): unknown {
  const { code, reason } = event as { code?: number; reason?: string };
  return { code, reason };
}

function subscribed<Result>(
  results: AsyncIterableIterator<Event<Result>>,
  first: Promise<IteratorResult<Event<Result>>>,
  stop: () => void,
): Subscribed<Result> {
  let pending: typeof first | undefined = first;
  const next = async (): Promise<Result> => {
    const event = await (pending ?? results.next());
    pending = undefined;
    if (event.done) throw new Error('the subscription ended');
    const { data, errors } = event.value;
    if (errors || data === undefined || data === null) throw new Error(JSON.stringify(errors ?? 'no data'));
    return data;
  };
  return {
    next,
    stop,
    async *[Symbol.asyncIterator]() {
      for (;;) yield await next();
    },
  };
}
