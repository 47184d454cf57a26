// A real Postgres for tests: one embedded server per test process, one fresh migrated database per call.
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.ts';
import { migrate } from '../../src/platform/database/migrate.ts';

/** A database of one test file. */
export interface TestDatabase {
  readonly connectionString: string;
  stop(): Promise<void>;
}

interface Server {
  readonly postgres: EmbeddedPostgres;
  readonly template: string;
}

const guardProgram = fileURLToPath(new URL('./process-guard.ts', import.meta.url));
// A crash of the machine may lose a test's data; the disk is not what the tests are about.
const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

let server: Promise<Server> | undefined;

/** A fresh database with all migrations; the server starts with the first call and ends with the process. */
export async function startTestDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { postgres, template } = await server;
  return createDatabase(postgres, `template ${template}`);
}

/** A database without any table: for what must also work from nothing. */
export async function startEmptyDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { postgres } = await server;
  return createDatabase(postgres, '');
}

async function createDatabase(postgres: EmbeddedPostgres, from: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runSql(postgres, `create database ${name} ${from}`);
  return {
    connectionString: addressOf(postgres, name),
    stop: () => runSql(postgres, `drop database if exists ${name} with (force)`),
  };
}

async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-postgres-'));
  // As root the server runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), settings: fast });
  endWithUs(folder, postgres.pid);
  await runSql(postgres, 'create database template_migrated');
  await migrate(addressOf(postgres, 'template_migrated'));
  return { postgres, template: 'template_migrated' };
}

/** However this process ends, the guard sees its input close, kills the server and removes the folder. */
function endWithUs(folder: string, pid: number): void {
  const guard = spawn(process.execPath, [guardProgram, folder], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin.write(`+${pid}\n`);
  guard.unref();
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
}

async function runSql(postgres: EmbeddedPostgres, sql: string): Promise<void> {
  const client = new Client({ connectionString: postgres.connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function addressOf(postgres: EmbeddedPostgres, name: string): string {
  const url = new URL(postgres.connectionString);
  url.pathname = `/${name}`;
  return url.href;
}
