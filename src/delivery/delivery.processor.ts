// Runs delivery's jobs, and asks for them when something else changed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { DeliveryCommands } from './delivery-commands.ts';
import { reassignSettings, wakeAllAgents } from './delivery-jobs.ts';

@Injectable()
export class DeliveryProcessor implements OnModuleInit {
  constructor(
    private readonly queue: JobQueue,
    private readonly notices: Notices,
    private readonly commands: DeliveryCommands,
  ) {}

  onModuleInit(): void {
    this.queue.implement(reassignSettings, ({ applicationId }) =>
      this.commands.reassignSettings(BigInt(applicationId)),
    );
    this.notices.on('application.saved', (payloads) =>
      this.queue.add(
        reassignSettings,
        payloads.map(({ applicationId }) => ({ applicationId: String(applicationId) })),
      ),
    );
    this.queue.implement(wakeAllAgents, () => this.commands.wakeAllAgents());
    this.notices.on('health-rules.saved', () => this.queue.add(wakeAllAgents, [{}]));
  }
}
