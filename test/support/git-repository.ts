// A real Git repository in a temporary folder, for tests: write files, commit, rewrite, remove.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** File contents by path; `null` removes, `{ link }` makes a symbolic link. */
export type Files = Readonly<Record<string, string | null | { readonly link: string }>>;

/** A work tree whose `.git` the hub reads by `url`. */
export interface TestRepository {
  readonly url: string;
  readonly folder: string;
  /** Commits the given files on top of what is there; answers the commit. */
  commit(files: Files, message?: string): string;
  git(...args: string[]): string;
  remove(): void;
}

/** An empty repository on branch `main`. */
export function makeRepository(): TestRepository {
  const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-repository-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  const commit = (files: Files, message = 'a change') => {
    for (const [file, content] of Object.entries(files)) put(path.join(folder, file), content);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { url: pathToFileURL(folder).href, folder, commit, git, remove };
}

function put(file: string, content: Files[string]): void {
  rmSync(file, { recursive: true, force: true });
  if (content === null || content === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true });
  if (typeof content === 'string') writeFileSync(file, content);
  else symlinkSync(content.link, file);
}
