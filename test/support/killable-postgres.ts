// A Postgres of its own that can be killed and comes back at the same address, as a container that is restarted.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.ts';
import { isAlive } from '../../src/platform/database/embedded/left-behind.ts';
import { until } from './until.ts';

/** One server; the address stays. */
export interface KillablePostgres {
  readonly connectionString: string;
  /** Sends SIGKILL to the server; its children end with it. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one. What is committed survives a kill of the process; only a crash of the machine could lose it. */
export async function startKillablePostgres(): Promise<KillablePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-killable-postgres-'));
  // As root the server runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  const open = () =>
    startEmbeddedPostgres({
      folder: join(folder, 'postgres'),
      settings: ['fsync=off', 'full_page_writes=off'],
    });
  let server: EmbeddedPostgres = await open();
  const { connectionString } = server;
  return {
    connectionString,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      server.leave();
      await until('Postgres to be gone', () => !isAlive(server.pid));
    },
    start: async () => {
      server = await open();
      if (server.connectionString !== connectionString)
        throw new Error(`Postgres came back at another address than before`);
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
