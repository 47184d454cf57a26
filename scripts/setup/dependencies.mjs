// Whether what is installed is what package-lock.json asks for. npm keeps its own record of what it installed.
import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

const readLock = (path) => JSON.parse(readFileSync(inRoot(path), 'utf8')).packages;

/** Optional packages of other platforms are rightly absent; links are our own workspaces. */
export function dependenciesInstalled() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(inRoot(record))) return false;
  const [wanted, installed] = [readLock('package-lock.json'), readLock(record)];
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.optional)
    .every(([path, entry]) => installed[path]?.version === entry.version);
}
