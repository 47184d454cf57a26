import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteOwner, removeLostFolders } from '../../src/platform/database/embedded/lost-folders.ts';

let home: string;
let databases: string;
const said: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fairlead-lost-databases-'));
  databases = join(home, 'databases');
  said.length = 0;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A database whose data folder is that; `isThere`: the data folder still names it. */
function database(name: string, dataFolder: string, isThere: boolean): string {
  const folder = join(databases, name);
  mkdirSync(join(folder, 'cluster'), { recursive: true });
  noteOwner(folder, dataFolder);
  if (isThere) {
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(join(dataFolder, 'location'), folder);
  }
  return folder;
}
const sweep = (): void => removeLostFolders(databases, (message) => said.push(message));

it('go when their temporary data folder is gone, and stay while it names them', () => {
  const kept = database('kept', join(home, 'data'), true);
  const lost = database('lost', join(home, 'gone'), false);
  const successor = database('older', join(home, 'data'), false);
  sweep();
  expect([existsSync(kept), existsSync(lost), existsSync(successor)]).toEqual([true, false, false]);
  expect(said).toEqual([]);
});

it('stay when their data folder was a lasting one, because a volume may not be mounted, and are told of', () => {
  const folder = database('lasting', '/srv/fairlead-that-is-not-mounted', false);
  sweep();
  expect(existsSync(folder)).toBe(true);
  expect(said).toEqual([expect.stringContaining('/srv/fairlead-that-is-not-mounted, which is gone')]);
});

it('stay when nothing says whose they are', () => {
  mkdirSync(join(databases, 'unnamed'), { recursive: true });
  sweep();
  expect(existsSync(join(databases, 'unnamed'))).toBe(true);
});

it('stay while a process runs them', async () => {
  const folder = database('running', join(home, 'gone'), false);
  const cluster = join(folder, 'cluster');
  const program = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)', cluster]);
  await new Promise((resolve) => program.once('spawn', resolve));
  writeFileSync(join(cluster, 'postmaster.pid'), `${program.pid}\n${cluster}\n0\n5432\n`);
  sweep();
  expect(existsSync(folder)).toBe(true);
  const ended = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGKILL');
  await ended;
  sweep();
  expect(existsSync(folder)).toBe(false);
});
