// The formats of git's tree and commit objects.
import type { EntryKind, TreeEntry } from '../render/source-tree.ts';
import { SourceError } from '../source-error.ts';

/** Who wrote a commit, when it was committed, and what it says. */
export interface CommitFacts {
  readonly id: string;
  readonly tree: string;
  readonly author: string;
  readonly authorEmail: string;
  readonly message: string;
  readonly committedAt: Date;
}

const kinds: Readonly<Record<string, EntryKind>> = {
  '100755': 'EXECUTABLE',
  '120000': 'SYMLINK',
  '40000': 'FOLDER',
  '160000': 'SUBMODULE',
};

/** The entries of a tree object; `idBytes` is 20 for SHA-1 repositories, 32 for SHA-256. */
export function parseTree(content: Buffer, idBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(32, at);
    const end = content.indexOf(0, space);
    const name = content.toString('utf8', space + 1, end);
    // Git does not check what it fetches: a crafted tree must not lead out of the folder that it is written to.
    if (name === '' || name === '.' || name === '..' || name.includes('/')) {
      throw new SourceError(
        'REPOSITORY_DAMAGED',
        `A folder of the repository holds an entry named "${name}".`,
      );
    }
    const id = content.toString('hex', end + 1, end + 1 + idBytes);
    entries.push({ name, kind: kinds[content.toString('latin1', at, space)] ?? 'FILE', id });
    at = end + 1 + idBytes;
  }
  return entries;
}

/** The facts of a commit object. */
export function parseCommit(id: string, content: Buffer): CommitFacts {
  const text = content.toString('utf8');
  const split = text.includes('\n\n') ? text.indexOf('\n\n') : text.length;
  const head = text.slice(0, split);
  const field = (pattern: RegExp) => pattern.exec(head)?.[1] ?? '';
  return {
    id,
    tree: field(/^tree ([0-9a-f]+)/m),
    author: field(/^author (.*?) ?<.*> \d+/m),
    authorEmail: field(/^author .*?<(.*?)> \d+/m),
    message: text.slice(split + 2).trimEnd(),
    committedAt: new Date(Number(field(/^committer .*> (\d+) [+-]\d{4}$/m)) * 1000),
  };
}
