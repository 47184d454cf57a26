// The local mirror of one repository: fetched under a lock, read through one cat-file process.
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { simpleGit, type SimpleGit, type SimpleGitOptions } from 'simple-git';
import { SourceError } from '../source-error.ts';
import { commitLogArguments, parseCommitLog, type LoggedCommit } from './commit-log.ts';
import { CommitPins } from './commit-pins.ts';
import { CommitRanges } from './commit-ranges.ts';
import { CatFile } from './cat-file.ts';
import { folderBytes, removePartialPacks, watchFolderSize } from './folder-size.ts';
import {
  allowedGitVariables,
  plainGitEnvironment,
  prepareGitHome,
  withCredential,
} from './git-environment.ts';
import { gitFailure } from './git-failure.ts';
import { parseCommit, type CommitFacts } from './git-objects.ts';
import type { GitSettings } from './git-settings.ts';
import { GitTree } from './git-tree.ts';
import { runGit } from './run-git.ts';
import { pinnedHost } from './remote-host.ts';
import { parseRemoteRefs, refCandidates, refProblem, type RemoteRefs } from './remote-refs.ts';
import type { RepositoryAccess } from './repository-access.ts';

/** What the remote holds. */
export interface FetchResult {
  /** Equal texts: no branch or tag has moved in between. */
  readonly refs: string;
  /** The commit of the remote's HEAD. */
  readonly head: string | undefined;
}

// Not `+refs/*`: a prune would take our own refs/fairlead/ with it.
const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/** Callers hold the repository's lock around `fetch` (git-mirrors.ts). */
export class GitMirror {
  private readonly url: string;
  private readonly folder: string;
  private readonly settings: GitSettings;
  private readonly reader: CatFile;
  private readonly pins = new CommitPins((input) => this.updateRefs(input));
  private readonly ranges = new CommitRanges((from, to, limit) => this.log(from, to, limit));
  private lastRefs: string | undefined;

  constructor(url: string, folder: string, settings: GitSettings) {
    this.url = url;
    this.folder = folder;
    this.settings = settings;
    this.reader = new CatFile({
      folder,
      env: plainGitEnvironment(path.join(settings.folder, 'home'), settings.machine),
      maxFileBytes: settings.maxFileBytes,
      idleMs: settings.readerIdleMs,
    });
  }

  /** Brings the mirror up to date; asks the remote for its refs first, and fetches only when one moved. */
  async fetch(access: RepositoryAccess): Promise<FetchResult> {
    return withCredential(this.settings, access.credential, async (env) => {
      const stop = new AbortController();
      const deadline = setTimeout(() => stop.abort(), this.settings.fetchTimeoutMs);
      try {
        const pins = await pinnedHost(this.url, this.settings);
        return await this.fetchMoved(env, stop, pins);
      } finally {
        clearTimeout(deadline);
      }
    });
  }

  /** The commit that a branch, tag or commit id names now; REF_NOT_FOUND names it. */
  async resolve(ref: string): Promise<CommitFacts> {
    const problem = refProblem(ref);
    if (problem !== undefined) throw new SourceError('REF_NOT_FOUND', `Repository ${this.url}: ${problem}`);
    for (const name of (await this.exists()) ? refCandidates(ref) : []) {
      const commit = await this.commit(name);
      if (commit) return commit;
    }
    throw new SourceError(
      'REF_NOT_FOUND',
      `Repository ${this.url} has no branch, tag or commit "${ref}": correct the ref of the application, or push it.`,
    );
  }

  /** The facts of a commit; `undefined` where the mirror does not hold it. */
  async commit(name: string): Promise<CommitFacts | undefined> {
    if (!(await this.exists())) return undefined;
    const object = await this.reader.read(`${name}^{commit}`);
    return object?.type === 'commit' ? parseCommit(object.id, object.content) : undefined;
  }

  /** What the one commit has and the other has not, the newest first; none where the mirror does not hold both. */
  commitsBetween(from: string, to: string, limit: number): Promise<readonly LoggedCommit[]> {
    return this.ranges.between(from, to, limit);
  }

  tree(commit: CommitFacts): GitTree {
    return new GitTree(this.reader, commit);
  }

  /** Keeps a commit for good, whatever happens to the branch that it came from. */
  pin(commit: string): Promise<void> {
    return this.pins.pin(commit);
  }

  close(): void {
    this.reader.close();
  }

  private async log(from: string, to: string, limit: number): Promise<LoggedCommit[]> {
    if (!(await this.commit(from)) || !(await this.commit(to))) return [];
    const env = plainGitEnvironment(await prepareGitHome(this.settings.folder), this.settings.machine);
    return parseCommitLog(await this.git(env, this.folder).raw(commitLogArguments(from, to, limit)));
  }

  private async updateRefs(input: string): Promise<Error | undefined> {
    const env = plainGitEnvironment(await prepareGitHome(this.settings.folder), this.settings.machine);
    return runGit(['update-ref', '-z', '--stdin'], {
      folder: this.folder,
      env,
      input,
      timeoutMs: this.settings.silenceTimeoutMs,
    });
  }

  private async fetchMoved(
    env: Record<string, string>,
    stop: AbortController,
    pins: readonly string[],
  ): Promise<FetchResult> {
    await this.prepare(env);
    const git = this.git(env, this.folder, { abort: stop.signal, config: [...pins] });
    const refs = await this.remoteRefs(git);
    if (refs.digestText !== this.lastRefs) {
      await this.download(git, stop);
      await this.followHead(env, refs);
      this.lastRefs = refs.digestText;
    }
    return { refs: refs.digestText, head: refs.head };
  }

  private async remoteRefs(git: SimpleGit): Promise<RemoteRefs> {
    const args = ['ls-remote', '--symref', '--', this.url, 'HEAD', 'refs/heads/*', 'refs/tags/*'];
    const refs = parseRemoteRefs(await this.said(git.raw(args)));
    if (refs.count > 0) return refs;
    throw new SourceError(
      'REPOSITORY_EMPTY',
      `Repository ${this.url} has no commit yet: push one, then refresh the application.`,
    );
  }

  private async download(git: SimpleGit, stop: AbortController): Promise<void> {
    const { maxRepositoryBytes } = this.settings;
    const first = this.lastRefs === undefined && (await this.commit('HEAD')) === undefined;
    let tooLarge = false;
    const endWatch = watchFolderSize(this.folder, maxRepositoryBytes, () => {
      tooLarge = true;
      stop.abort();
    });
    const args = [
      'fetch',
      '--prune',
      '--no-tags',
      '--no-write-fetch-head',
      '--progress',
      '--',
      this.url,
      ...refspecs,
    ];
    try {
      await git.raw(args);
      tooLarge = (await folderBytes(this.folder)) > maxRepositoryBytes;
      if (tooLarge) throw new Error('too large');
    } catch (error) {
      await this.cleanUp(tooLarge && first);
      throw tooLarge ? this.tooLarge() : gitFailure(this.url, textOf(error));
    } finally {
      endWatch();
    }
  }

  // Whoever fetched before keeps the mirror, because releases are pinned in it; a first clone leaves nothing.
  private async cleanUp(all: boolean): Promise<void> {
    if (!all) return removePartialPacks(this.folder);
    this.reader.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private tooLarge(): SourceError {
    const limit = Math.round(this.settings.maxRepositoryBytes / 1024 ** 2);
    return new SourceError(
      'REPOSITORY_TOO_LARGE',
      `Repository ${this.url} takes more than ${limit} MiB: raise FAIRLEAD_GIT_MAX_MIB, or use a smaller repository.`,
    );
  }

  private async followHead(env: Record<string, string>, refs: RemoteRefs): Promise<void> {
    const git = this.git(env, this.folder);
    if (refs.headBranch !== undefined) {
      // It hardly ever changes, and a process each time would be a good part of what a small fetch takes.
      const head = await readFile(path.join(this.folder, 'HEAD'), 'utf8');
      if (head.trim() !== `ref: ${refs.headBranch}`) await git.raw(['symbolic-ref', 'HEAD', refs.headBranch]);
    } else if (refs.head !== undefined) await git.raw(['update-ref', '--no-deref', 'HEAD', refs.head]);
  }

  private async prepare(env: Record<string, string>): Promise<void> {
    if (await this.exists()) return;
    // Whoever deleted the folder took all of it along: what was fetched, what was pinned, and what the reader has open.
    this.lastRefs = undefined;
    this.pins.forget();
    this.reader.close();
    const git = this.git(env, this.settings.folder);
    await this.said(git.raw(['init', '--bare', '--quiet', '--', this.folder]));
  }

  private exists(): Promise<boolean> {
    return stat(path.join(this.folder, 'HEAD')).then(
      () => true,
      () => false,
    );
  }

  private async said(output: Promise<string>): Promise<string> {
    try {
      return await output;
    } catch (error) {
      throw gitFailure(this.url, textOf(error));
    }
  }

  private git(
    env: Record<string, string>,
    baseDir: string,
    more: Partial<Pick<SimpleGitOptions, 'abort' | 'config'>> = {},
  ): SimpleGit {
    return simpleGit({
      baseDir,
      timeout: { block: this.settings.silenceTimeoutMs },
      errors: failureOf,
      allowEnvironment: [...allowedGitVariables],
      unsafe: { allowUnsafeSshCommand: true, allowUnsafeAskPass: true },
      ...more,
    }).env(env);
  }
}

/**
 * Any end but a good one is a failure. By itself simple-git takes a git that was killed, or that failed without a word,
 * for one with nothing to say: no refs, and so an empty repository.
 */
function failureOf(
  error: Buffer | Error | undefined,
  { exitCode, stdErr }: { readonly exitCode: number | null; readonly stdErr: readonly Buffer[] },
): Buffer | Error | undefined {
  if (error !== undefined || exitCode === 0) return error;
  const said = Buffer.concat(stdErr);
  return said.length > 0
    ? said
    : new Error(exitCode === null ? 'git was killed' : `git ended with ${exitCode}`);
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
