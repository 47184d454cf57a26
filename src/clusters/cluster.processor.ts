// Runs the sweep over all clusters.
import { Injectable, type OnModuleInit, type OnApplicationBootstrap } from '@nestjs/common';
import { Config, runsJobs } from '../platform/config/config.ts';
import { Database } from '../platform/database/database.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { ClusterDeletionCommands } from './cluster-deletion-commands.ts';
import { sweepClusters } from './cluster-jobs.ts';
import { ConnectionAnnouncements } from './connection-announcements.ts';
import { Hearing } from './hearing-port.ts';

const SWEEP_EVERY_MS = 5_000;

@Injectable()
export class ClusterProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly announcements: ConnectionAnnouncements,
    private readonly deletions: ClusterDeletionCommands,
    private readonly hearing: Hearing,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.queue.implement(sweepClusters, () => this.sweep());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!runsJobs(this.config)) return;
    await this.queue.repeat(
      sweepClusters,
      {},
      Math.min(SWEEP_EVERY_MS, Math.ceil(this.config.staleAfterMs / 3)),
    );
  }

  private async sweep(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const deafUntil = await this.hearing.deafUntil(tx);
      await this.announcements.announce(tx, deafUntil ? 'IMPROVEMENTS' : 'ALL');
    });
    await this.database.transaction((tx) => this.deletions.forgetEmptied(tx));
  }
}
