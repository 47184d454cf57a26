// A commit's tree, read through the mirror's cat-file process.
import type { SourceTree, TreeEntry } from '../render/source-tree.ts';
import { SourceError } from '../source-error.ts';
import type { CatFile } from './cat-file.ts';
import { parseTree, type CommitFacts } from './git-objects.ts';

/** Folders are kept for as long as the tree is used: a closure walks the same ones again and again. */
export class GitTree implements SourceTree {
  readonly root: string;
  readonly commit: string;
  private readonly reader: CatFile;
  private readonly folders = new Map<string, Promise<readonly TreeEntry[]>>();

  constructor(reader: CatFile, commit: CommitFacts) {
    this.reader = reader;
    this.root = commit.tree;
    this.commit = commit.id;
  }

  folder(id: string): Promise<readonly TreeEntry[]> {
    const known = this.folders.get(id);
    if (known) return known;
    const read = this.read(id, 'tree').then((content) => parseTree(content, id.length / 2));
    this.folders.set(id, read);
    return read;
  }

  file(id: string): Promise<Buffer> {
    return this.read(id, 'blob');
  }

  private async read(id: string, type: 'tree' | 'blob'): Promise<Buffer> {
    const object = await this.reader.read(id);
    if (object?.type === type) return object.content;
    throw new SourceError(
      'REPOSITORY_DAMAGED',
      `The mirror of the repository lacks object ${id} of ${this.commit}.`,
    );
  }
}
