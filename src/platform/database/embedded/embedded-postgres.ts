// A Postgres of our own for the quick start and for tests: made, started, adopted after a crash, and stopped with us.
import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { choosePort, movedDatabases, openDatabaseFolder, type DatabaseFolder } from './database-folder.ts';
import { findLeftBehind, isAlive, stopServer, type RunningServer } from './left-behind.ts';
import { removeLostFolders } from './lost-folders.ts';
import { locatePostgres, type PostgresPrograms } from './postgres-programs.ts';
import { giveTo, postgresUser, type ProcessUser } from './process-user.ts';

/** Where it lives, how it is tuned, and who hears of what it does. */
export interface EmbeddedPostgresOptions {
  readonly folder: string;
  /** `name=value` settings on top of ours. */
  readonly settings?: readonly string[];
  readonly say?: (message: string) => void;
}

/** A running embedded database. */
export interface EmbeddedPostgres {
  readonly connectionString: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Lets it run on when this process ends: it turned out to be another's. */
  leave(): void;
}

const superuser = 'fairlead';
const ourSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'jit=off',
  'logging_collector=off',
  'log_min_messages=warning',
];

/** Starts the database of a folder, or adopts the one that still runs there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => undefined);
  const user = postgresUser();
  const folder = openDatabaseFolder(options.folder, user, (path) =>
    say(
      `the database runs as another user than root and lives in ${path}, because ${options.folder} is out of its reach`,
    ),
  );
  removeLostFolders(movedDatabases, say);
  const adopted = await adopt(folder, say);
  const server = adopted ?? (await startFresh(folder, user, options.settings ?? []));
  return running(folder, server);
}

async function adopt(
  folder: DatabaseFolder,
  say: (message: string) => void,
): Promise<RunningServer | undefined> {
  const server = findLeftBehind(folder);
  if (!server) return undefined;
  if (await answers(folder, server, 10_000)) {
    say(`adopted the database that a former hub left running (process ${server.pid}, port ${server.port})`);
    return server;
  }
  say(`stopped a database that a former hub left behind and that does not answer (process ${server.pid})`);
  await stopServer(server.pid);
  return undefined;
}

async function startFresh(
  folder: DatabaseFolder,
  user: ProcessUser,
  settings: readonly string[],
): Promise<RunningServer> {
  const programs = locatePostgres(user);
  if (!existsSync(join(folder.cluster, 'PG_VERSION'))) await createCluster(folder, programs, user);
  const port = await choosePort(folder);
  const args = ['-D', folder.cluster, '-p', String(port)];
  for (const setting of [...ourSettings, ...settings]) args.push('-c', setting);
  const child = launch(programs.postgres, args, folder, user);
  const server = { pid: child.pid ?? 0, port };
  if (server.pid > 0 && (await answers(folder, server, 60_000))) return server;
  throw new Error(`The embedded database in ${folder.path} did not start: ${lastLines(folder.log)}`);
}

async function createCluster(
  folder: DatabaseFolder,
  programs: PostgresPrograms,
  user: ProcessUser,
): Promise<void> {
  // A cluster without PG_VERSION is what an interrupted initdb leaves.
  rmSync(folder.cluster, { recursive: true, force: true });
  const args = ['-D', folder.cluster, '-U', superuser, '-A', 'scram-sha-256'];
  args.push(`--pwfile=${join(folder.path, 'password')}`, '--encoding=UTF8', '--locale=C');
  try {
    await promisify(execFile)(programs.initdb, args, {
      ...user,
      cwd: '/',
      env: smallEnvironment(),
      timeout: 120_000,
    });
  } catch (error) {
    throw new Error(`The embedded database could not be made in ${folder.path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** In a session of its own, so that Ctrl-C reaches the hub alone, which stops the database last. */
function launch(
  program: string,
  args: readonly string[],
  folder: DatabaseFolder,
  user: ProcessUser,
): ChildProcess {
  const log = openSync(folder.log, 'a', 0o600);
  giveTo(user, folder.log);
  const child = spawn(program, args, {
    ...user,
    cwd: '/',
    env: smallEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  return child;
}

function smallEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function answers(folder: DatabaseFolder, server: RunningServer, timeoutMs: number): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end && isAlive(server.pid); await pause(20)) {
    const client = new Client({
      connectionString: address(folder, server.port),
      connectionTimeoutMillis: 2_000,
    });
    // Ends of a connection that never stood are reported by connect itself.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

function address(folder: DatabaseFolder, port: number): string {
  return `postgresql://${superuser}:${folder.password}@127.0.0.1:${port}/postgres`;
}

function running(folder: DatabaseFolder, server: RunningServer): EmbeddedPostgres {
  const stopAtExit = (): void => {
    if (isAlive(server.pid)) process.kill(server.pid, 'SIGINT');
  };
  process.once('exit', stopAtExit);
  const leave = (): void => void process.off('exit', stopAtExit);
  return {
    leave,
    connectionString: address(folder, server.port),
    pid: server.pid,
    stop: async () => {
      await stopServer(server.pid);
      leave();
    },
  };
}

function lastLines(file: string): string {
  return existsSync(file)
    ? readFileSync(file, 'utf8').trim().split('\n').slice(-5).join(' / ')
    : 'it left no log';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
