// Postgres refuses to run as root. As root we run it as another user of the machine, in folders that one can reach.
import { chownSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Under whom a child process runs; empty where we are an ordinary user and it simply runs as us. */
export interface ProcessUser {
  readonly uid?: number;
  readonly gid?: number;
}

const preferred = ['postgres', 'nobody'];

/** Nobody's business unless we are root: then `postgres`, else `nobody`, as the machine's user list says. */
export function postgresUser(): ProcessUser {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of preferred) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'The embedded database cannot run as root and found no user `postgres` or `nobody` to run as: start the hub as an ordinary user, or set FAIRLEAD_DATABASE_URL.',
  );
}

/** Whether another user may pass through every folder above `path`. */
export function othersReach(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Gives a file or folder to the user, where that is another than ourselves. */
export function giveTo(user: ProcessUser, path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}
