// Finds a path in a source tree. Symbolic links are followed inside the tree and refused when they lead out of it.
import { SourceError } from '../source-error.ts';
import type { SourceTree, TreeEntry } from './source-tree.ts';

/** A path without links, and what is there: never a SYMLINK. */
export interface Found {
  readonly path: string;
  readonly entry: TreeEntry;
}

// As in most operating systems; more is a circle.
const MAX_LINKS = 40;

/** `a/./b/../c` as `a/c`; the root is the empty string. `undefined` where it leaves the tree. */
export function normalPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The folder of a path; the root is the empty string. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** `undefined` where nothing is there. SYMLINK_OUTSIDE names the link; SUBMODULE_NOT_SUPPORTED names the submodule. */
export async function lookUp(tree: SourceTree, path: string): Promise<Found | undefined> {
  const normal = normalPath(path);
  if (normal === undefined) return undefined;
  return walk(tree, normal, 0);
}

async function walk(tree: SourceTree, path: string, links: number): Promise<Found | undefined> {
  let entry: TreeEntry = { name: '', kind: 'FOLDER', id: tree.root };
  const parts = path === '' ? [] : path.split('/');
  for (const [index, part] of parts.entries()) {
    const next = await child(tree, entry, part);
    if (!next) return undefined;
    const here = parts.slice(0, index + 1).join('/');
    if (next.kind === 'SUBMODULE') throw submodule(here, tree);
    if (next.kind === 'SYMLINK') {
      const target = await targetOf(tree, here, next, links);
      return walk(
        tree,
        [target, ...parts.slice(index + 1)].filter((text) => text !== '').join('/'),
        links + 1,
      );
    }
    entry = next;
  }
  return { path, entry };
}

async function child(tree: SourceTree, folder: TreeEntry, name: string): Promise<TreeEntry | undefined> {
  if (folder.kind !== 'FOLDER') return undefined;
  return (await tree.folder(folder.id)).find((entry) => entry.name === name);
}

async function targetOf(tree: SourceTree, path: string, link: TreeEntry, links: number): Promise<string> {
  if (links >= MAX_LINKS) {
    throw new SourceError(
      'SYMLINK_OUTSIDE',
      `${path} is a symbolic link that leads in a circle: make it end.`,
    );
  }
  const target = (await tree.file(link.id)).toString();
  const normal = target.startsWith('/') ? undefined : normalPath(`${folderOf(path)}/${target}`);
  if (normal !== undefined) return normal;
  throw new SourceError(
    'SYMLINK_OUTSIDE',
    `${path} is a symbolic link to ${target}, outside the repository: put the content into the repository.`,
  );
}

function submodule(path: string, tree: SourceTree): SourceError {
  return new SourceError(
    'SUBMODULE_NOT_SUPPORTED',
    `${path} is a submodule at commit ${tree.commit}; submodules are not fetched: put the content into the repository.`,
  );
}
