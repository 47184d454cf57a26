// Databases that had to live elsewhere than in the hub's data folder stay behind when that folder is removed.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { findLeftBehind } from './left-behind.ts';

/** File in a data folder that names where its database lives. */
export const POINTER = 'location';
/** File in a database's folder that names the data folder it belongs to. */
const OWNER = 'belongs-to';

/** Notes in a database's folder whose it is. */
export function noteOwner(folder: string, dataFolder: string): void {
  writeFileSync(join(folder, OWNER), dataFolder, { mode: 0o600 });
}

/**
 * Removes the databases in `databases` whose data folder was a temporary one and is gone, and that no process runs.
 * Of others whose data folder is gone it only tells: a volume that is not mounted now looks the same.
 */
export function removeLostFolders(databases: string, say: (message: string) => void): void {
  if (!existsSync(databases)) return;
  for (const name of readdirSync(databases)) {
    const folder = join(databases, name);
    const owner = ownerOf(folder);
    if (
      owner === undefined ||
      pointsTo(owner, folder) ||
      findLeftBehind({ cluster: join(folder, 'cluster') })
    )
      continue;
    if (isTemporary(owner)) rmSync(folder, { recursive: true, force: true });
    else say(`the database in ${folder} belonged to ${owner}, which is gone: remove it if that is for good`);
  }
}

function ownerOf(folder: string): string | undefined {
  const file = join(folder, OWNER);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function pointsTo(owner: string, folder: string): boolean {
  const pointer = join(owner, POINTER);
  return existsSync(pointer) && readFileSync(pointer, 'utf8') === folder;
}

function isTemporary(path: string): boolean {
  return resolve(path).startsWith(resolve(tmpdir()) + sep);
}
