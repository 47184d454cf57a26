// Brings a database to this build's schema: plain SQL files, Prisma's own bookkeeping, one transaction per file.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

/** Prisma's own key, so that `prisma migrate` and the hub never run at once. */
const lockKey = 72_707_369;

const defaultFolder = fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url));

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies what is missing and answers the names of what it applied. Several hubs may start at once: one works, the
 * others wait for it. A migration that was changed after it had been applied stops the start, naming it.
 */
export async function migrate(connectionString: string, folder = defaultFolder): Promise<readonly string[]> {
  const client = new Client({ connectionString, application_name: 'fairlead-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    return await applyMissing(client, readMigrations(folder));
  } finally {
    await client.end();
  }
}

function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  const done = await appliedChecksums(client);
  const edited = migrations.filter(({ name, checksum }) => done.has(name) && done.get(name) !== checksum);
  if (edited.length > 0) throw new Error(editedMessage(edited));
  const missing = migrations.filter(({ name }) => !done.has(name));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

function editedMessage(edited: readonly Migration[]): string {
  const names = edited.map(({ name }) => name).join(', ');
  return `The database was made by another version of migration ${names}: start the build that made it, or begin with an empty database.`;
}

async function appliedChecksums(client: Client): Promise<ReadonlyMap<string, string>> {
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count int not null default 0)`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select migration_name as name, checksum from _prisma_migrations
     where rolled_back_at is null and finished_at is not null`,
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Migration ${name} failed and left nothing behind: ${why}`, { cause: error });
  }
}
