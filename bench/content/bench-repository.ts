// The Git repository that a benchmark commits to: a bare one, as the hub would find it on a server.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const AUTHOR = { name: 'Bench', email: 'bench@example.com' };
const TIMEOUT_MS = 60_000;

/** Contents by path. */
export type Files = ReadonlyMap<string, string>;

/** Branch `main` of a bare repository, with a work tree beside it. */
export class BenchRepository {
  readonly #worktree: string;
  readonly #bare: string;

  private constructor(folder: string) {
    this.#worktree = path.join(folder, 'worktree');
    this.#bare = path.join(folder, 'repository.git');
  }

  /** A new one below an existing folder. */
  static async make(folder: string): Promise<BenchRepository> {
    const repository = new BenchRepository(folder);
    mkdirSync(repository.#worktree);
    await repository.#git('init', '--quiet', '--bare', '--initial-branch=main', '--', repository.#bare);
    await repository.#git('init', '--quiet', '--initial-branch=main');
    return repository;
  }

  /** Where the hub fetches it. */
  get url(): string {
    return pathToFileURL(this.#bare).href;
  }

  /** Writes files on top of what is there, commits them and pushes. */
  async commit(files: Files, message: string): Promise<void> {
    for (const [file, text] of files) {
      const target = path.join(this.#worktree, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--message', message);
    await this.#git('push', '--quiet', this.#bare, 'main');
  }

  // Nothing of the person's own Git settings applies.
  async #git(...words: readonly string[]): Promise<void> {
    const env = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: this.#worktree,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: AUTHOR.name,
      GIT_AUTHOR_EMAIL: AUTHOR.email,
      GIT_COMMITTER_NAME: AUTHOR.name,
      GIT_COMMITTER_EMAIL: AUTHOR.email,
    };
    await promisify(execFile)('git', words, { cwd: this.#worktree, env, timeout: TIMEOUT_MS });
  }
}
