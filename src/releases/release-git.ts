// What a release needs of its repository when it is made: its commit kept for good, and the commits that it brings.
import { Injectable } from '@nestjs/common';
import type { CommitFacts } from '../platform/git/git-objects.ts';
import { Log } from '../platform/logging/log.ts';
import type { Release, ReleaseCommit } from './domain/release.ts';
import { SourceFetcher } from './source-fetcher.ts';
import type { SourceLook } from './source-look.ts';

/** A release that brings more keeps the newest of them. */
const MAX_COMMITS = 250;

@Injectable()
export class ReleaseGit {
  constructor(
    private readonly fetcher: SourceFetcher,
    private readonly log: Log,
  ) {}

  /** Keeps the commit for as long as the mirror is there. */
  pin({ source, commit }: SourceLook): Promise<void> {
    return this.fetcher.mirror(source.repository).pin(commit.id);
  }

  /**
   * Since the release before, newest first, and never empty: its own commit is among them, also where nothing is known
   * of the one before (the first release, another repository, a mirror that never saw it) and where the branch went back.
   */
  async commitsSince(before: Release | undefined, { source, commit }: SourceLook): Promise<ReleaseCommit[]> {
    const own = toReleaseCommit(commit);
    if (!before) return [own];
    try {
      const mirror = this.fetcher.mirror(source.repository);
      const found = await mirror.commitsBetween(before.commit, commit.id, MAX_COMMITS);
      const others = found.filter(({ id }) => id !== commit.id).map(toReleaseCommit);
      return [own, ...others].slice(0, MAX_COMMITS);
    } catch (error) {
      this.log.warn('the commits of a release are not known', {
        application: source.applicationName,
        from: before.commit,
        to: commit.id,
        error,
      });
      return [own];
    }
  }
}

function toReleaseCommit({
  id,
  author,
  authorEmail,
  message,
  committedAt,
}: Omit<CommitFacts, 'tree'>): ReleaseCommit {
  return { commit: id, author, authorEmail, message, committedAt };
}
