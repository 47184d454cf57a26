import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/platform/database/migrate.ts';
import { startEmptyDatabase } from '../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-migrations-'));
cpSync('prisma/migrations', folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query<Row extends QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('are applied once, by one of several hubs that start together', async () => {
    const database = await startEmptyDatabase();
    const answers = await Promise.all([1, 2, 3, 4].map(() => migrate(database.connectionString)));
    expect(answers.filter((names) => names.length > 0)).toHaveLength(1);
    const hubs = await query<{ epoch: string }>(database.connectionString, 'select epoch from hub');
    expect(hubs).toEqual([{ epoch: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  });

  it('that fail leave nothing behind and say which one it was', async () => {
    const database = await startEmptyDatabase();
    cpSync(join(folder, '00000000000000_init'), join(folder, '20990101000000_broken'), { recursive: true });
    writeFileSync(
      join(folder, '20990101000000_broken', 'migration.sql'),
      'create table half (); select no_such();',
    );
    await expect(migrate(database.connectionString, folder)).rejects.toThrow(
      /20990101000000_broken .*no_such/,
    );
    expect(
      await query(database.connectionString, "select 1 from pg_tables where tablename = 'half'"),
    ).toEqual([]);
    rmSync(join(folder, '20990101000000_broken'), { recursive: true });
    expect(await migrate(database.connectionString, folder)).toEqual([]);
  });

  it('that were edited after they were applied stop the start', async () => {
    const database = await startEmptyDatabase();
    await migrate(database.connectionString, folder);
    writeFileSync(join(folder, '00000000000000_init', 'migration.sql'), '-- another text');
    await expect(migrate(database.connectionString, folder)).rejects.toThrow(/00000000000000_init/);
  });
});
