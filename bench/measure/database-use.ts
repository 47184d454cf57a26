// What the hub's database has cost: its size, the log that it wrote, and its processes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { listProcesses } from './process-use.ts';

/** Of all databases of the server together. */
export interface DatabaseUse {
  readonly sizeBytes: number;
  /** Bytes of write-ahead log since the server was made. */
  readonly walBytes: number;
}

/** The server that a hub started for itself. */
export interface EmbeddedServer {
  readonly pid: number;
  readonly address: string;
}

/** Found by its process: the folder may be another one than the hub was given, where the hub runs as root. */
export function findEmbeddedServer(hubPid: number): EmbeddedServer {
  const server = listProcesses().find(({ parent, program }) => parent === hubPid && program === 'postgres');
  if (!server) throw new Error(`the hub, process ${hubPid}, runs no database of its own`);
  const words = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').split('\0');
  const after = (option: string) => words[words.indexOf(option) + 1] ?? '';
  const password = readFileSync(path.join(path.dirname(after('-D')), 'password'), 'utf8');
  const address = `postgresql://fairlead:${password}@127.0.0.1:${after('-p')}/postgres`;
  return { pid: server.pid, address };
}

/** Size and log so far. */
export async function databaseUse(server: EmbeddedServer): Promise<DatabaseUse> {
  const row = await askOnce<{ readonly size: string; readonly wal: string }>(
    server,
    `select pg_database_size(current_database())::text size,
            pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text wal`,
  );
  return { sizeBytes: Number(row?.size), walBytes: Number(row?.wal) };
}

/** How many bundles are stored, and how many bytes they have as stored. */
export async function storedBundles(
  server: EmbeddedServer,
): Promise<{ readonly bundles: number; readonly bytes: number }> {
  const row = await askOnce<{ readonly bundles: string; readonly bytes: string }>(
    server,
    'select count(*)::text bundles, coalesce(sum(length(content)), 0)::text bytes from bundle',
  );
  return { bundles: Number(row?.bundles), bytes: Number(row?.bytes) };
}

/** Over a connection of its own, which is closed again, so that none idles while something is measured. */
async function askOnce<Row extends object>(
  { address }: EmbeddedServer,
  text: string,
): Promise<Row | undefined> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows[0];
  } finally {
    await client.end();
  }
}
