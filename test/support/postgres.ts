// A real Postgres for tests: one embedded server per test process, one fresh migrated database per call.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { isAlive } from '../../src/platform/database/embedded/left-behind.ts';
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

const folderPrefix = 'fairlead-test-postgres-';
// A crash of the machine may lose a test's data; the disk is not what the tests are about.
const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

let server: Promise<Server> | undefined;

/** A fresh database with all migrations; the server starts with the first call and ends with the process. */
export async function startTestDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { postgres, template } = await server;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runSql(postgres, `create database ${name} template ${template}`);
  return {
    connectionString: addressOf(postgres, name),
    stop: () => runSql(postgres, `drop database if exists ${name} with (force)`),
  };
}

/** A database without any table: for what must also work from nothing. */
export async function startEmptyDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { postgres } = await server;
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await runSql(postgres, `create database ${name}`);
  return {
    connectionString: addressOf(postgres, name),
    stop: () => runSql(postgres, `drop database if exists ${name} with (force)`),
  };
}

async function startServer(): Promise<Server> {
  sweepAbandoned();
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), settings: fast });
  writeFileSync(join(folder, 'server'), String(postgres.pid));
  process.once('exit', () => remove(folder));
  await runSql(postgres, 'create database template_migrated');
  await migrate(addressOf(postgres, 'template_migrated'));
  return { postgres, template: 'template_migrated' };
}

/** A test process that was killed leaves its server behind; the next one ends it. */
function sweepAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (name.startsWith(folderPrefix) && !isAlive(numberIn(join(folder, 'owner')))) remove(folder);
  }
}

function remove(folder: string): void {
  const pid = numberIn(join(folder, 'server'));
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGQUIT');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** 0 where there is none: then it belongs to nobody, or is just being made. */
function numberIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
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
