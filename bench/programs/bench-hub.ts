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
import { processUse } from '../measure/process-use.ts';

/** What hub and database have used so far, and hold now. */
export interface HubUse {
  readonly hubCpuSeconds: number;
  readonly hubRssBytes: number;
  readonly databaseCpuSeconds: number;
  readonly databasePssBytes: number;
  readonly databaseSizeBytes: number;
  readonly databaseWalBytes: number;
}

/** A hub that serves. */
export interface BenchHub {
  readonly api: HubApi;
  /** Its own database. */
  readonly database: EmbeddedServer;
  use(): Promise<HubUse>;
  stop(): Promise<void>;
}

const HUB = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 30_000;

/** `settings`: FAIRLEAD_ variables beside address, folder and token. */
export async function startBenchHub(
  processes: ProcessSet,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchHub> {
  const folder = reachableFolder(processes);
  const token = `fl_user_${randomBytes(24).toString('base64url')}`;
  const port = await freePort();
  const program = processes.start('hub', process.execPath, ['--enable-source-maps', ...profiling(), HUB], {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    FAIRLEAD_DATA_DIR: folder,
    FAIRLEAD_HOST: '127.0.0.1',
    FAIRLEAD_PORT: String(port),
    FAIRLEAD_ADMIN_TOKEN: token,
    ...settings,
  });
  const api = new HubApi(`http://127.0.0.1:${port}`, token);
  await until('the hub to serve', () => isReady(program, processes, api), { timeoutMs: START_MS });
  const server = findEmbeddedServer(program.pid);
  return { api, database: server, use: () => hubUse(program, server), stop: () => stop(program) };
}

/** As root the database runs as another user: where that one gets through, the database ends with the work folder. */
function reachableFolder({ folder }: ProcessSet): string {
  chmodSync(folder, 0o711);
  const data = path.join(folder, 'hub');
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
    throw new Hopeless(`the hub ended by itself (${program.ended}):\n${processes.logTail('hub')}`);
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

/** Asked to end, so that it stops its database too. */
async function stop(program: RunningProgram): Promise<void> {
  if (program.ended !== undefined) return;
  process.kill(program.pid, 'SIGTERM');
  await until('the hub to end', () => program.ended !== undefined, { timeoutMs: STOP_MS });
}
