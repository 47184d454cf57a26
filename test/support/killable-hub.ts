// A hub as a process that keeps its address and its database however often it is killed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startHubProcess, type HubProcess } from './hub-process.ts';
import type { TestHub } from './hub.ts';
import { startTestDatabase } from './postgres.ts';
import { until } from './until.ts';

const ADMIN_TOKEN = 'admin-token-of-the-faults-0001';

/** One hub; its members stay good over kills and restarts. */
export interface KillableHub extends Pick<TestHub, 'graphql' | 'answer' | 'url' | 'adminToken'> {
  readonly databaseUrl: string;
  /** What all its lives wrote. */
  output(): string;
  /** Sends SIGKILL to the process at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again; resolves when it serves. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; `environment` adds variables, `FAIRLEAD_DATABASE_URL` among them where the database is another one. */
export async function startKillableHub(
  environment: Readonly<Record<string, string>> = {},
): Promise<KillableHub> {
  const given = environment['FAIRLEAD_DATABASE_URL'];
  const own = given === undefined ? await startTestDatabase() : undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-killable-hub-'));
  const port = await freePort();
  const settings = {
    FAIRLEAD_DATABASE_URL: given ?? own?.connectionString ?? '',
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_PORT: String(port),
    FAIRLEAD_ADMIN_TOKEN: ADMIN_TOKEN,
    FAIRLEAD_SECRET_KEY: 'secret-key-of-the-faults-0001',
    FAIRLEAD_FILE_REPOSITORIES: tmpdir(),
    FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    ...environment,
  };
  const lives: HubProcess[] = [await startHubProcess(settings)];
  const current = (): HubProcess => {
    const last = lives.at(-1);
    if (!last) throw new Error('the hub was never started');
    return last;
  };
  const kill = async (): Promise<void> => void (await current().end('SIGKILL'));
  return {
    url: current().url,
    adminToken: ADMIN_TOKEN,
    databaseUrl: settings.FAIRLEAD_DATABASE_URL,
    // Between two lives nobody answers: who asks waits for the next.
    graphql: <Result>(...asked: Parameters<TestHub['graphql']>) => current().graphql<Result>(...asked),
    answer: <Result>(...asked: Parameters<TestHub['answer']>) => current().answer<Result>(...asked),
    output: () => lives.map((life) => life.output()).join(''),
    kill,
    start: async () => void lives.push(await startHubProcess(settings)),
    stop: async () => {
      await kill().catch(() => undefined);
      await own?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks until an answer comes: for what may be asked while the hub is away. */
export function patiently<Value>(what: string, ask: () => Promise<Value>): Promise<Value> {
  const asked = until(what, async () => ({ value: await ask() }), { timeoutMs: 180_000, intervalMs: 100 });
  return asked.then(({ value }) => value);
}
