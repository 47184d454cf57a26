// Runs the sweep over all clusters.
import { Injectable, type OnModuleInit, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config, runsJobs } from '../platform/config/config.ts';
import { Database } from '../platform/database/database.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { ClusterDeletionCommands } from './cluster-deletion-commands.ts';
import { sweepClusters } from './cluster-jobs.ts';
import { ConnectionAnnouncements } from './connection-announcements.ts';

const SWEEP_EVERY_MS = 5_000;

@Injectable()
export class ClusterProcessor implements OnModuleInit, OnApplicationBootstrap {
  private quietUntilMs = 0;

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly announcements: ConnectionAnnouncements,
    private readonly deletions: ClusterDeletionCommands,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.queue.implement(sweepClusters, () => this.sweep());
  }

  async onApplicationBootstrap(): Promise<void> {
    // While the hub was away it heard nobody: silence counts only from now on.
    this.quietUntilMs = this.clock.now().getTime() + this.config.staleAfterMs;
    if (!runsJobs(this.config)) return;
    await this.queue.repeat(
      sweepClusters,
      {},
      Math.min(SWEEP_EVERY_MS, Math.ceil(this.config.staleAfterMs / 3)),
    );
  }

  private async sweep(): Promise<void> {
    const isQuiet = this.clock.now().getTime() < this.quietUntilMs;
    await this.database.sqlTransaction((tx) =>
      this.announcements.announce(tx, isQuiet ? 'IMPROVEMENTS' : 'ALL'),
    );
    await this.database.sqlTransaction((tx) => this.deletions.forgetEmptied(tx));
  }
}
