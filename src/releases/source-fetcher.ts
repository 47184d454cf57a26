// Fetches an application's repository and reads commits of its mirror; the outcome is kept for people to see.
import { Injectable } from '@nestjs/common';
import { RepositoryFetchCommands } from '../applications/repository-fetch-commands.ts';
import { RepositoryQueries } from '../applications/repository-queries.ts';
import { Clock } from '../platform/clock.ts';
import type { CommitFacts } from '../platform/git/git-objects.ts';
import type { GitMirror } from '../platform/git/git-mirror.ts';
import { GitMirrors } from '../platform/git/git-mirrors.ts';
import { SourceError } from '../platform/source-error.ts';

@Injectable()
export class SourceFetcher {
  constructor(
    private readonly mirrors: GitMirrors,
    private readonly repositories: RepositoryQueries,
    private readonly outcomes: RepositoryFetchCommands,
    private readonly clock: Clock,
  ) {}

  /**
   * What the remote's refs are now, as a text to compare; undefined where the repository was deleted. Throws the
   * fault, which is recorded with the repository as well.
   */
  async fetch(repositoryId: bigint): Promise<string | undefined> {
    const access = await this.repositories.access(repositoryId);
    if (!access) return undefined;
    try {
      const { refs, head } = await this.mirrors.fetch(access);
      await this.outcomes.fetched(repositoryId, this.clock.now(), head);
      return refs;
    } catch (error) {
      if (error instanceof SourceError) {
        const { code, message } = error;
        await this.outcomes.failed(repositoryId, { code, message, at: this.clock.now() });
      }
      throw error;
    }
  }

  mirror(url: string): GitMirror {
    return this.mirrors.mirror(url);
  }

  /** A pinned commit, fetched where this machine has not seen it yet; COMMIT_NOT_FOUND where it is lost. */
  async pinned(repositoryId: bigint, url: string, commit: string): Promise<CommitFacts> {
    const mirror = this.mirrors.mirror(url);
    const known = await mirror.commit(commit);
    if (known) return known;
    await this.fetch(repositoryId);
    const fetched = await mirror.commit(commit);
    if (fetched) return fetched;
    throw new SourceError(
      'COMMIT_NOT_FOUND',
      `Commit ${commit} is no longer in repository ${url}, and this machine has no copy: make a new release.`,
    );
  }
}
