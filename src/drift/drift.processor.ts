// Runs the jobs of drift, and asks for them when something else changed.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { DriftHistory } from './drift-history.ts';
import {
  endDrift,
  exceptCluster,
  exceptInstances,
  expireExceptions,
  keepDriftHistory,
  spreadException,
} from './drift-jobs.ts';
import { DriftKeeper } from './drift-keeper.ts';
import { ExceptionCommands } from './exception-commands.ts';
import { ExceptionSpreading } from './exception-spreading.ts';

const EXPIRE_EVERY_MS = 2_000;
const KEEP_EVERY_MS = 3_600_000;

type Payload = Readonly<Record<string, unknown>>;

@Injectable()
export class DriftProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly notices: Notices,
    private readonly keeper: DriftKeeper,
    private readonly exceptions: ExceptionCommands,
    private readonly spreading: ExceptionSpreading,
    private readonly history: DriftHistory,
  ) {}

  onModuleInit(): void {
    this.implement();
    this.notices.on('drift-exception.changed', (payloads) =>
      this.jobs.add(
        spreadException,
        payloads.map(({ exceptionId }) => ({ exceptionId: String(exceptionId) })),
      ),
    );
    this.notices.on('instances.added', async (payloads) => {
      if (await this.spreading.isNeeded()) await this.jobs.add(exceptInstances, payloads.map(instancesOf));
    });
    this.notices.on('instances.ended', (payloads) => this.jobs.add(endDrift, payloads.map(instancesOf)));
    this.notices.on('cluster.changed', async (payloads) => {
      if (!(await this.spreading.isNeeded())) return;
      await this.jobs.add(
        exceptCluster,
        payloads.map(({ clusterId }) => ({ clusterId: String(clusterId) })),
      );
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.add(keepDriftHistory, [{}]);
    await this.jobs.repeat(keepDriftHistory, {}, KEEP_EVERY_MS);
    await this.jobs.repeat(expireExceptions, {}, EXPIRE_EVERY_MS);
  }

  private implement(): void {
    const { jobs, spreading } = this;
    jobs.implement(spreadException, ({ exceptionId }) => spreading.ofException(BigInt(exceptionId)));
    jobs.implement(exceptInstances, ({ instanceIds }) =>
      spreading.ofInstances({ instanceIds: instanceIds.map(BigInt) }),
    );
    jobs.implement(exceptCluster, ({ clusterId }) =>
      spreading.ofInstances({ clusterIds: [BigInt(clusterId)] }),
    );
    jobs.implement(expireExceptions, () => this.exceptions.expire());
    jobs.implement(endDrift, ({ instanceIds }) => this.keeper.endOf(instanceIds.map(BigInt)));
    jobs.implement(keepDriftHistory, async () => {
      await this.history.keep();
      await this.keeper.sweep();
    });
  }
}

function instancesOf({ instanceIds }: Payload): { instanceIds: string[] } {
  return { instanceIds: (instanceIds as readonly unknown[]).map(String) };
}
