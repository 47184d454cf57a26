// Looks at sources and makes releases; renders what a promotion needs. One at a time for each application and release.
import { Injectable } from '@nestjs/common';
import { ApplicationQueries } from '../applications/application-queries.ts';
import { usesClusterVariables, type Application } from '../applications/domain/application.ts';
import { AtMost } from '../platform/at-most.ts';
import type { Transaction } from '../platform/database/database.ts';
import { KeyedLock } from '../platform/git/keyed-lock.ts';
import { Log } from '../platform/logging/log.ts';
import { isLasting, SourceError } from '../platform/source-error.ts';
import type { Release } from './domain/release.ts';
import { LateBundles, type EnsuredBundles } from './late-bundles.ts';
import { ReleaseWriter } from './release-writer.ts';
import { SourceFetcher } from './source-fetcher.ts';
import { SourceRefresh } from './source-refresh.ts';

// A look waits for the database and for git most of the time; renders have a limit of their own.
const LOOKS_AT_ONCE = 8;
// More than two writers at once is a third hub's doing; the next interval settles it.
const MAX_LOOKS = 3;

@Injectable()
export class ReleaseCommands {
  private readonly locks = new KeyedLock();
  /** What each application was last looked at with: the same again would end the same. Lost with the process, harmlessly. */
  private readonly seen = new Map<bigint, string>();
  /** The refs with which all applications of a repository were looked at: a fetch for one of them may have been first to see newer ones. */
  private readonly lookedAt = new Map<bigint, string>();

  constructor(
    private readonly applications: ApplicationQueries,
    private readonly fetcher: SourceFetcher,
    private readonly refreshes: SourceRefresh,
    private readonly writer: ReleaseWriter,
    private readonly lateBundles: LateBundles,
    private readonly log: Log,
  ) {}

  /** Fetches and renders now, also what failed before; a fault ends up as the application's `sourceError`. */
  async refresh(applicationId: bigint): Promise<void> {
    const [application] = await this.applications.byIds([applicationId]);
    if (!application) return;
    this.seen.delete(applicationId);
    await this.guarded(application, async () => {
      await this.fetcher.fetch(application.repositoryId);
      await this.look(application);
    });
  }

  /** Fetches once and looks at every application of the repository. */
  async refreshRepository(repositoryId: bigint): Promise<void> {
    const ids = await this.applications.idsOfRepository(repositoryId);
    if (ids.length === 0) return;
    const refs = await this.fetchOutcome(repositoryId);
    const applications = (await this.applications.byIds(ids)).filter((found) => found !== undefined);
    const looks = new AtMost(LOOKS_AT_ONCE);
    if (refs instanceof SourceError)
      return looks.each(applications, (application) => this.fail(application, refs));
    const isMoved = refs !== this.lookedAt.get(repositoryId);
    const outdated = applications.filter((application) => isMoved || this.mayDiffer(application));
    await looks.each(outdated, (application) => this.guarded(application, () => this.look(application)));
    if (refs !== undefined) this.lookedAt.set(repositoryId, refs);
  }

  /** The bundle of every cluster of the environment, rendered from the release's pinned commit where it is missing. */
  ensureBundles(releaseId: bigint, environmentId: bigint): Promise<EnsuredBundles> {
    return this.locks.run(`release ${releaseId}`, () => this.lateBundles.ensure(releaseId, environmentId));
  }

  /** The same as far as it was rendered before: undefined while a cluster has none. It renders nothing, and waits for nobody. */
  renderedBundles(
    tx: Transaction,
    releaseId: bigint,
    environmentId: bigint,
  ): Promise<EnsuredBundles | undefined> {
    return this.lateBundles.rendered(tx, releaseId, environmentId);
  }

  private async look(application: Application, attempt = 1): Promise<void> {
    const view = await this.refreshes.view(application);
    // A fault without a look of this process is from before it started, or from the fetch: look again.
    if (this.seen.get(application.id) === view.key && !isPassingFault(application)) return;
    this.seen.delete(application.id);
    try {
      const release = await this.refreshes.refresh(application, view);
      if (release === 'OVERTAKEN') return await this.lookAgain(application, attempt);
      if (release !== 'UNCHANGED') this.tell(application, release);
      this.seen.set(application.id, view.key);
    } catch (error) {
      if (error instanceof SourceError && isLasting(error.code)) this.seen.set(application.id, view.key);
      throw error;
    }
  }

  /** What was seen may be older than what the faster process saw, so its source is fetched first. */
  private async lookAgain(application: Application, attempt: number): Promise<void> {
    if (attempt >= MAX_LOOKS) return;
    await this.fetcher.fetch(application.repositoryId);
    await this.look(application, attempt + 1);
  }

  private guarded(application: Application, work: () => Promise<void>): Promise<void> {
    return this.locks.run(`application ${application.id}`, async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        await this.fail(application, error);
      }
    });
  }

  /** The remote's refs, or why nothing could be fetched. */
  private async fetchOutcome(repositoryId: bigint): Promise<string | undefined | SourceError> {
    try {
      return await this.fetcher.fetch(repositoryId);
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
  }

  // While no commit comes, only clusters that come and go make other inputs; saves are looked at on their own.
  private mayDiffer(application: Application): boolean {
    return (
      !this.seen.has(application.id) ||
      isPassingFault(application) ||
      usesClusterVariables(application.source)
    );
  }

  private async fail(application: Application, fault: SourceError): Promise<void> {
    this.log.warn('the source gave no release', {
      application: application.name,
      code: fault.code,
      reason: fault.message,
    });
    await this.writer.fault(application, fault);
  }

  private tell(application: Application, { number, commit }: Release): void {
    this.log.info('a release was made', { application: application.name, release: number, commit });
  }
}

const isPassingFault = ({ sourceFault }: Application) => sourceFault !== null && !isLasting(sourceFault.code);
