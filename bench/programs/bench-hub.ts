// The hub under test: the built program in a process of its own with an embedded database, as `npm start` runs it.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubApi } from '../../demo/hub-api.ts';
import { freePort } from '../../test/support/free-port.ts';
import type { ProcessSet, RunningProgram } from '../../test/support/process-set.ts';
import { Hopeless, until } from '../../test/support/until.ts';
import { databaseUse, findEmbeddedServer, type EmbeddedServer } from '../measure/database-use.ts';
import { listProcesses, processUse } from '../measure/process-use.ts';

/** What hub and database have used so far, and hold now. The hub's CPU time is that of its present life. */
export interface HubUse {
  readonly hubCpuSeconds: number;
  readonly hubRssBytes: number;
  readonly databaseCpuSeconds: number;
  readonly databasePssBytes: number;
  readonly databaseSizeBytes: number;
  readonly databaseWalBytes: number;
}

/** How it is started, beside what `npm start` would do. */
export interface BenchHubOptions {
  /** Of its log and its folder. */
  readonly name?: string;
  /** FAIRLEAD_ variables beside address, folder and token. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A token that another hub of the same database made. */
  readonly adminToken?: string;
  /** The database that another hub runs. */
  readonly database?: EmbeddedServer;
}

/** A hub that serves. Its address and database stay, however often it is killed. */
export interface BenchHub {
  readonly api: HubApi;
  readonly adminToken: string;
  readonly port: number;
  readonly database: EmbeddedServer;
  /** Of its present life. */
  readonly pid: () => number;
  use(): Promise<HubUse>;
  /** `kill -9`; its database runs on. */
  kill(): Promise<void>;
  /** Again after `kill`; resolves when it serves. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const HUB = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 30_000;

/** Starts it and waits until it serves. */
export async function startBenchHub(
  processes: ProcessSet,
  { name = 'hub', settings = {}, adminToken = newToken(), database }: BenchHubOptions = {},
): Promise<BenchHub> {
  const port = await freePort();
  const environment = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    FAIRLEAD_DATA_DIR: reachableFolder(processes, name),
    FAIRLEAD_HOST: '127.0.0.1',
    FAIRLEAD_PORT: String(port),
    FAIRLEAD_ADMIN_TOKEN: adminToken,
    ...settings,
    ...(database && { FAIRLEAD_DATABASE_URL: database.address }),
  };
  const api = new HubApi(`http://127.0.0.1:${port}`, adminToken);
  const start = async (): Promise<RunningProgram> => {
    const words = ['--enable-source-maps', ...profiling(), HUB];
    const program = processes.start(name, process.execPath, words, environment);
    await until('the hub to serve', () => isReady(program, processes, api), { timeoutMs: START_MS });
    return program;
  };
  let program = await start();
  const server = database ?? findEmbeddedServer(program.pid);
  return {
    api,
    adminToken,
    port,
    database: server,
    pid: () => program.pid,
    use: () => hubUse(program, server),
    kill: async () => {
      process.kill(program.pid, 'SIGKILL');
      await program.end;
    },
    restart: async () => void (program = await start()),
    stop: () => stop(program, database ? undefined : server),
  };
}

const newToken = () => `fl_user_${randomBytes(24).toString('base64url')}`;

/** As root the database runs as another user: where that one gets through, the database ends with the work folder. */
function reachableFolder({ folder }: ProcessSet, name: string): string {
  chmodSync(folder, 0o711);
  const data = path.join(folder, name);
  mkdirSync(data, { mode: 0o711 });
  return data;
}

/** A folder for CPU profiles, for whoever looks for the cause of a figure. */
function profiling(): string[] {
  const folder = process.env['FAIRLEAD_BENCH_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

async function isReady(program: RunningProgram, processes: ProcessSet, api: HubApi): Promise<boolean> {
  if (program.ended !== undefined) {
    throw new Hopeless(`the hub ended by itself (${program.ended}):\n${processes.logTail(program.name)}`);
  }
  return (await api.whyNotReady()) === undefined;
}

async function hubUse({ pid }: RunningProgram, server: EmbeddedServer): Promise<HubUse> {
  const [hub, database] = [processUse(pid, [server.pid]), processUse(server.pid)];
  const { sizeBytes, walBytes } = await databaseUse(server);
  return {
    hubCpuSeconds: hub.cpuSeconds,
    hubRssBytes: hub.rssBytes,
    databaseCpuSeconds: database.cpuSeconds,
    databasePssBytes: database.pssBytes,
    databaseSizeBytes: sizeBytes,
    databaseWalBytes: walBytes,
  };
}

/** Asked to end, so that it stops its database too; after a kill only that is left to stop. */
async function stop(program: RunningProgram, ownDatabase: EmbeddedServer | undefined): Promise<void> {
  if (program.ended === undefined) process.kill(program.pid, 'SIGTERM');
  else if (ownDatabase && isAlive(ownDatabase.pid)) process.kill(ownDatabase.pid, 'SIGINT');
  await until('the hub to end', () => program.ended !== undefined, { timeoutMs: STOP_MS });
}

function isAlive(pid: number): boolean {
  return listProcesses().some((entry) => entry.pid === pid);
}
