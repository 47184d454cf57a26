// The folder of an embedded database: the cluster itself, its password and the port that it had last.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { noteOwner, POINTER } from './lost-folders.ts';
import { giveTo, othersReach, type ProcessUser } from './process-user.ts';
import { rootsStateFolder } from './postgres-programs.ts';

/** Where databases live that cannot live in their data folder. */
export const movedDatabases = join(rootsStateFolder, 'databases');

/** Paths inside one database folder. */
export interface DatabaseFolder {
  readonly path: string;
  /** Postgres' own data directory. */
  readonly cluster: string;
  readonly portFile: string;
  readonly log: string;
  readonly password: string;
}

/**
 * Opens (or makes) the folder. `wanted` is used where the database's user can reach it, else a folder of its own
 * under root's state folder, which a file in `wanted` names: whoever removes `wanted` begins anew. `onMoved` hears of
 * that.
 */
export function openDatabaseFolder(
  wanted: string,
  user: ProcessUser,
  onMoved: (path: string) => void,
): DatabaseFolder {
  const path = reachable(resolve(wanted), user);
  const isMoved = path !== resolve(wanted);
  if (isMoved) onMoved(path);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (isMoved) noteOwner(path, resolve(wanted));
  giveTo(user, path);
  return {
    path,
    cluster: join(path, 'cluster'),
    portFile: join(path, 'port'),
    log: join(path, 'postgres.log'),
    password: password(join(path, 'password'), user),
  };
}

function reachable(wanted: string, user: ProcessUser): string {
  if (user.uid === undefined) return wanted;
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  if (othersReach(wanted)) return wanted;
  const pointer = join(wanted, POINTER);
  const folder = join(movedDatabases, randomBytes(8).toString('hex'));
  if (!existsSync(pointer)) writeFileSync(pointer, folder, { mode: 0o600 });
  mkdirSync(movedDatabases, { recursive: true, mode: 0o755 });
  return readFileSync(pointer, 'utf8');
}

function password(file: string, user: ProcessUser): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  giveTo(user, file);
  return readFileSync(file, 'utf8');
}

/** The port of last time where it is free, so that addresses stay; else any free one. */
export async function choosePort(folder: DatabaseFolder): Promise<number> {
  const last = existsSync(folder.portFile) ? Number(readFileSync(folder.portFile, 'utf8')) : 0;
  const port = (await tryPort(last)) ?? (await tryPort(0));
  if (port === undefined) throw new Error('No free port on 127.0.0.1 for the embedded database.');
  writeFileSync(folder.portFile, String(port));
  return port;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((found) => {
    const server = createServer();
    server.once('error', () => found(undefined));
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
