// Runs the jobs of checks: parse, call, and ask again when the run is due.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../../platform/queue/job.ts';
import { askCheck, findDueChecks } from './check-jobs.ts';
import { CheckRunStore } from './check-run-store.ts';
import { CheckRunner } from './check-runner.ts';

/** Also how late a check may be whose job was lost. */
const LOOK_EVERY_MS = 5_000;
const CHECKS_AT_ONCE = 8;
const FOUND_AT_ONCE = 500;
/** Delayed jobs are told apart by the second in which they are due: a sooner one would be taken for the one that runs. */
const SOONEST_MS = 1_000;
/** A job may come a moment before its row is due by the database's clock. */
const CLOCK_SLACK_MS = 20;

@Injectable()
export class ChecksProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly runner: CheckRunner,
    private readonly store: CheckRunStore,
  ) {}

  onModuleInit(): void {
    this.jobs.implement(
      askCheck,
      async ({ id }) => {
        const nextInMs = await this.runner.run(BigInt(id));
        if (nextInMs === undefined || nextInMs > LOOK_EVERY_MS) return;
        await this.jobs.add(askCheck, [{ id }], { delayMs: Math.max(nextInMs, SOONEST_MS) + CLOCK_SLACK_MS });
      },
      { concurrency: CHECKS_AT_ONCE },
    );
    this.jobs.implement(findDueChecks, async () => {
      const due = await this.store.due(FOUND_AT_ONCE);
      await this.jobs.add(
        askCheck,
        due.map((id) => ({ id: String(id) })),
      );
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.repeat(findDueChecks, {}, LOOK_EVERY_MS);
  }
}
