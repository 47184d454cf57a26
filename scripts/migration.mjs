// Migrations, offline: node scripts/migration.mjs init | new NAME | check
// Each migration keeps the schema.prisma that it leads to, so that the next one is a comparison of two texts.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffSchemas } from './migration/schema-engine.mjs';

const prismaFolder = fileURLToPath(new URL('../prisma/', import.meta.url));
const migrationsFolder = join(prismaFolder, 'migrations');
const schemaPath = join(prismaFolder, 'schema.prisma');
const firstMigration = '00000000000000_init';

const read = (path) => readFileSync(path, 'utf8');
const withoutBlankEnd = (text) => `${text.trimEnd()}\n`;

function migrationNames() {
  if (!existsSync(migrationsFolder)) return [];
  return readdirSync(migrationsFolder)
    .filter((name) => existsSync(join(migrationsFolder, name, 'migration.sql')))
    .sort();
}

function writeMigration(name, sql) {
  const folder = join(migrationsFolder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  writeFileSync(join(folder, 'schema.prisma'), read(schemaPath));
  console.log(`wrote prisma/migrations/${name}`);
}

async function firstSql() {
  const tables = await diffSchemas(undefined, read(schemaPath));
  return `${withoutBlankEnd(tables)}\n${read(join(prismaFolder, 'init.sql'))}`;
}

async function init() {
  const others = migrationNames().filter((name) => name !== firstMigration);
  if (others.length > 0) throw new Error(`${others.join(', ')} exist: make a new one with \`new NAME\``);
  writeMigration(firstMigration, await firstSql());
}

async function addMigration(label) {
  if (!/^[a-z0-9_]+$/.test(label ?? ''))
    throw new Error('name it in lower case with underscores: new add_gates');
  const last = migrationNames().at(-1);
  if (!last) throw new Error('there is no first migration: run `init`');
  const sql = await diffSchemas(read(join(migrationsFolder, last, 'schema.prisma')), read(schemaPath));
  if (/^\s*(-- This is an empty migration\.)?\s*$/.test(sql)) {
    console.log('prisma/schema.prisma has not changed');
    return;
  }
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  writeMigration(`${stamp}_${label}`, withoutBlankEnd(sql));
}

/** The last migration leads to the schema as it is; the first one, while alone, is exactly what `init` would write. */
async function check() {
  const names = migrationNames();
  const last = names.at(-1);
  if (!last) throw new Error('prisma/migrations is empty: run `node scripts/migration.mjs init`');
  if (names.length === 1) {
    if (read(join(migrationsFolder, last, 'migration.sql')) === (await firstSql())) return;
    throw new Error('prisma/schema.prisma or init.sql changed: run `node scripts/migration.mjs init`');
  }
  if (read(join(migrationsFolder, last, 'schema.prisma')) === read(schemaPath)) return;
  throw new Error('prisma/schema.prisma changed: run `node scripts/migration.mjs new NAME`');
}

const commands = { init, new: addMigration, check };

try {
  const [command, argument] = process.argv.slice(2);
  const run = commands[command];
  if (!run) throw new Error('usage: node scripts/migration.mjs init | new NAME | check');
  await run(argument);
} catch (error) {
  console.error(`migration: ${error.message}`);
  process.exitCode = 1;
}
