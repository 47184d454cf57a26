// Runs the jobs of releases, and adds them when something says that a source must be looked at.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { ApplicationQueries } from '../applications/application-queries.ts';
import { RepositoryQueries } from '../applications/repository-queries.ts';
import { Config, runsJobs } from '../platform/config/config.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { ReleaseCommands } from './release-commands.ts';
import { refreshApplication, refreshRepository, refreshSources } from './release-jobs.ts';

const REPOSITORIES_AT_ONCE = 2;
// Those of one repository share its fetches.
const APPLICATIONS_AT_ONCE = 8;

type Payloads = readonly Readonly<Record<string, unknown>>[];

@Injectable()
export class ReleaseProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly queue: JobQueue,
    private readonly notices: Notices,
    private readonly releases: ReleaseCommands,
    private readonly applications: ApplicationQueries,
    private readonly repositories: RepositoryQueries,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.queue.implement(refreshSources, () => this.enqueueRepositories());
    this.queue.implement(
      refreshRepository,
      ({ repositoryId }) => this.releases.refreshRepository(BigInt(repositoryId)),
      { concurrency: REPOSITORIES_AT_ONCE },
    );
    this.queue.implement(
      refreshApplication,
      ({ applicationId }) => this.releases.refresh(BigInt(applicationId)),
      { concurrency: APPLICATIONS_AT_ONCE },
    );
    this.notices.on('application.saved', (payloads) =>
      this.enqueueApplications(idsOf(payloads, 'applicationId')),
    );
    this.notices.on('policy.saved', (payloads) => this.enqueuePolicies(idsOf(payloads, 'policyId')));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (runsJobs(this.config)) await this.queue.repeat(refreshSources, {}, this.config.gitIntervalMs);
  }

  private async enqueueRepositories(): Promise<void> {
    const ids = await this.repositories.idsInUse();
    await this.queue.add(
      refreshRepository,
      ids.map((repositoryId) => ({ repositoryId: `${repositoryId}` })),
    );
  }

  private async enqueueApplications(ids: readonly string[]): Promise<void> {
    await this.queue.add(
      refreshApplication,
      ids.map((applicationId) => ({ applicationId })),
    );
  }

  private async enqueuePolicies(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const applications = await this.applications.idsOfPolicy(BigInt(id));
      await this.enqueueApplications(applications.map(String));
    }
  }
}

function idsOf(payloads: Payloads, field: string): string[] {
  return [...new Set(payloads.map((payload) => String(payload[field])))];
}
