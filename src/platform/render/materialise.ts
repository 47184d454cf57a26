// Writes a closure into a private folder: regular files only, so that nothing leads out of it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SourceError } from '../source-error.ts';
import type { ClosureFile } from './render-source.ts';
import type { SourceTree } from './source-tree.ts';

const MAX_BYTES = 256 * 1024 ** 2;
const MAX_FILES = 50_000;
const AT_ONCE = 64;

/** Runs `work` with the folder, whose `checkout` holds the files and whose `home` is empty; removes it afterwards. */
export async function withCheckout<T>(
  tree: SourceTree,
  files: readonly ClosureFile[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-render-'));
  try {
    await mkdir(path.join(folder, 'home'));
    await writeAll(tree, files, path.join(folder, 'checkout'));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeAll(tree: SourceTree, files: readonly ClosureFile[], checkout: string): Promise<void> {
  if (files.length > MAX_FILES) throw tooLarge(`${files.length} files; the limit is ${MAX_FILES}`);
  const folders = new Set(files.map((file) => path.dirname(file.path)));
  for (const folder of folders) await mkdir(path.join(checkout, folder), { recursive: true });
  let bytes = 0;
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const sizes = files.slice(at, at + AT_ONCE).map(async (file) => {
      const content = await tree.file(file.id);
      await writeFile(path.join(checkout, file.path), content);
      return content.length;
    });
    bytes += (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    if (bytes > MAX_BYTES) throw tooLarge(`more than ${MAX_BYTES} bytes`);
  }
}

const tooLarge = (what: string) =>
  new SourceError('SOURCE_TOO_LARGE', `The render would read ${what}: give the application a smaller path.`);
