// Runs the jobs of promotions: parse, call, nothing more.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/config.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { Automation } from './automation.ts';
import { advanceSlot, automatePromotions, watchDeadlines } from './promotion-jobs.ts';
import { PromotionStore } from './promotion-store.ts';
import { slotPayload } from './promotion-waker.ts';
import { DEGRADED_GRACE_MS } from './rollout-settler.ts';
import { SlotAdvancer } from './slot-advancer.ts';

const WATCH_EVERY_MS = 5_000;

@Injectable()
export class PromotionsProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly advancer: SlotAdvancer,
    private readonly automation: Automation,
    private readonly store: PromotionStore,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.implement(advanceSlot, ({ applicationId, environmentId }) =>
      this.advancer.advance({ applicationId: BigInt(applicationId), environmentId: BigInt(environmentId) }),
    );
    this.jobs.implement(automatePromotions, async ({ applicationId }) => {
      const made = await this.automation.run(BigInt(applicationId));
      await this.jobs.add(advanceSlot, made.map(slotPayload));
    });
    this.jobs.implement(watchDeadlines, async () => {
      const { offlineAfterMs } = this.config;
      const slots = await this.store.slotsWithDuePromotions({
        degradedGraceMs: DEGRADED_GRACE_MS,
        offlineAfterMs,
      });
      await this.jobs.add(advanceSlot, slots.map(slotPayload));
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.repeat(watchDeadlines, {}, WATCH_EVERY_MS);
  }
}
