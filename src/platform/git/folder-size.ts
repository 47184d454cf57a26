// How much a mirror takes on disk, also while a fetch is writing it.
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of all files below a folder. Files that vanish meanwhile count nothing. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Calls `onExceeded` once when the folder grows beyond the limit; returns the function that ends the watch. */
export function watchFolderSize(folder: string, maxBytes: number, onExceeded: () => void): () => void {
  const check = async () => {
    if ((await folderBytes(folder)) <= maxBytes) return;
    clearInterval(timer);
    onExceeded();
  };
  const timer = setInterval(() => void check(), 250).unref();
  return () => clearInterval(timer);
}

/** Packs that an interrupted fetch left behind; git itself would keep them for two weeks. */
export async function removePartialPacks(mirror: string): Promise<void> {
  const packs = path.join(mirror, 'objects', 'pack');
  const names = await readdir(packs).catch(() => []);
  const partial = names.filter((name) => name.startsWith('tmp_'));
  await Promise.all(partial.map((name) => rm(path.join(packs, name), { force: true })));
}
