// The example Git repository: made from demo/repository at the first start, then kept, with whatever people commit.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const CONTENT = fileURLToPath(new URL('./repository', import.meta.url));
const MARKED_FILE = 'apps/shop/dev/deployment.yaml'; // the others say the same version
const VERSION = /app\.kubernetes\.io\/version: "(\d+\.\d+\.\d+)"/;
const TIMEOUT_MS = 30_000;
const PROD_FILE = 'apps/shop/prod/deployment.yaml';
const MISTAKE = 'tier: web';
/** Where the selector and the pods' labels name the shop. */
const RIGHT_LABEL =
  /((?:matchLabels|template):\n(?: *metadata:\n *labels:\n)?)( *)(app\.kubernetes\.io\/name: shop\n)/g;

/** One commit; `message` is its first line. */
export interface CommittedChange {
  readonly sha: string;
  readonly message: string;
}

/** A work tree on branch `main`. */
export class ExampleRepository {
  readonly folder: string;
  readonly #git: Git;

  private constructor(folder: string) {
    this.folder = folder;
    this.#git = gitIn(folder);
  }

  /** Opens the repository in `folder`, making it where there is none. */
  static async open(folder: string): Promise<ExampleRepository> {
    const repository = new ExampleRepository(folder);
    if (!existsSync(path.join(folder, '.git', 'made-whole'))) await repository.#make();
    return repository;
  }

  /** Where the hub fetches it. */
  get url(): string {
    return pathToFileURL(this.folder).href;
  }

  /** The newest commit. */
  async head(): Promise<CommittedChange> {
    const [sha = '', message = ''] = (await this.#git('log', '-1', '--format=%H%n%s')).split('\n');
    return { sha, message };
  }

  /** The shop's version as a commit says it. */
  async versionAt(sha: string): Promise<string> {
    return this.#versionIn(await this.#git('show', '--end-of-options', `${sha}:${MARKED_FILE}`));
  }

  /** Raises the shop's version everywhere it is written, and commits. */
  async raiseVersion(remark = ''): Promise<CommittedChange> {
    const before = this.#versionIn(readFileSync(path.join(this.folder, MARKED_FILE), 'utf8'));
    const after = nextVersion(before);
    for (const file of this.#files()) {
      const text = readFileSync(file, 'utf8');
      if (text.includes(before)) writeFileSync(file, text.replaceAll(before, after));
    }
    await this.#git('commit', '--quiet', '--message', `Shop ${after} ${remark}`.trim(), '--', 'apps');
    return this.head();
  }

  /** Raises the version, with a mistake in prod alone: a selector, which no API server lets anybody change. */
  async breakProd(): Promise<CommittedChange> {
    const file = path.join(this.folder, PROD_FILE);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(RIGHT_LABEL, `$1$2$3$2${MISTAKE}\n`));
    return this.raiseVersion('with a mistake');
  }

  /** Raises the version without the mistake; nothing where there is none. */
  async mend(): Promise<CommittedChange | undefined> {
    const file = path.join(this.folder, PROD_FILE);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(MISTAKE)) return undefined;
    writeFileSync(file, text.replaceAll(new RegExp(`^ *${MISTAKE}\\n`, 'gm'), ''));
    return this.raiseVersion('without the mistake');
  }

  async #make(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true }); // what an interrupted start left
    cpSync(CONTENT, this.folder, { recursive: true });
    await this.#git('init', '--quiet', '--initial-branch=main', '--template=');
    // For people who commit here themselves; the demo names its own author at each commit.
    await this.#git('config', 'user.name', AUTHOR.name);
    await this.#git('config', 'user.email', AUTHOR.email);
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--message', 'Open the shop');
    writeFileSync(path.join(this.folder, '.git', 'made-whole'), '');
  }

  #versionIn(text: string): string {
    const version = VERSION.exec(text)?.[1];
    if (version !== undefined) return version;
    throw new Error(
      `${MARKED_FILE} in ${this.folder} says no version (app.kubernetes.io/version: "1.0.0"); ` +
        'put it back, or remove that folder to begin anew',
    );
  }

  #files(): string[] {
    const apps = path.join(this.folder, 'apps');
    const entries = readdirSync(apps, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'));
    return files.map((entry) => path.join(entry.parentPath, entry.name));
  }
}

/** `1.4.0` becomes `1.5.0`. */
function nextVersion(version: string): string {
  const [major = '1', minor = '0'] = version.split('.');
  return `${major}.${Number(minor) + 1}.0`;
}

const AUTHOR = { name: 'Shop Team', email: 'shop@example.com' };

type Git = (...words: readonly string[]) => Promise<string>;

// Nothing of the person's own Git settings applies: no hooks, no signing, no other name of the first branch.
function gitIn(folder: string): Git {
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: path.dirname(folder),
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
  };
  return async (...words) => {
    const options = { cwd: folder, env, timeout: TIMEOUT_MS, maxBuffer: 1_000_000 };
    return (await promisify(execFile)('git', words, options)).stdout;
  };
}
