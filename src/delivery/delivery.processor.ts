// Runs delivery's jobs, and asks for them when something else changed.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { Config, runsJobs } from '../platform/config/config.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { DeliveryCommands } from './delivery-commands.ts';
import { reassignAllSettings, reassignSettings, wakeAllAgents } from './delivery-jobs.ts';

const REASSIGN_ALL_EVERY_MS = 600_000;

@Injectable()
export class DeliveryProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly queue: JobQueue,
    private readonly notices: Notices,
    private readonly commands: DeliveryCommands,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.queue.implement(reassignSettings, ({ applicationId }) =>
      this.commands.reassignSettings(BigInt(applicationId)),
    );
    this.notices.on('application.saved', (payloads) =>
      this.reassign(payloads.map(({ applicationId }) => String(applicationId))),
    );
    this.queue.implement(reassignAllSettings, async () =>
      this.reassign((await this.commands.assignedApplications()).map(String)),
    );
    this.queue.implement(wakeAllAgents, () => this.commands.wakeAllAgents());
    this.notices.on('health-rules.saved', () => this.queue.add(wakeAllAgents, [{}]));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (runsJobs(this.config)) await this.queue.repeat(reassignAllSettings, {}, REASSIGN_ALL_EVERY_MS);
  }

  private reassign(applicationIds: readonly string[]): Promise<void> {
    return this.queue.add(
      reassignSettings,
      applicationIds.map((applicationId) => ({ applicationId })),
    );
  }
}
