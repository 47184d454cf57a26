// Runs the jobs of promotions: parse, call, nothing more.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/config.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { Automation } from './automation.ts';
import { advanceSlot, automatePromotions, sweepSlots, watchDeadlines } from './promotion-jobs.ts';
import { PromotionStore } from './promotion-store.ts';
import { slotPayload } from './promotion-waker.ts';
import { DEGRADED_GRACE_MS } from './rollout-settler.ts';
import { SlotAdvancer } from './slot-advancer.ts';

const WATCH_EVERY_MS = 5_000;
/** How long something stands still at most when a notice came to nothing: a job's tries were spent, a source was away. */
const SWEEP_EVERY_MS = 15_000;
/** One application's slow render must not hold up the others'; a slot's own jobs still follow one another. */
const SLOTS_AT_ONCE = 4;

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
    this.jobs.implement(
      advanceSlot,
      ({ applicationId, environmentId }) =>
        this.advancer.advance({ applicationId: BigInt(applicationId), environmentId: BigInt(environmentId) }),
      { concurrency: SLOTS_AT_ONCE },
    );
    this.jobs.implement(automatePromotions, async ({ applicationId }) => {
      await this.automation.run(BigInt(applicationId));
      const open = await this.store.openSlotsOf(BigInt(applicationId));
      await this.jobs.add(advanceSlot, open.map(slotPayload));
    });
    this.jobs.implement(watchDeadlines, async () => {
      const { offlineAfterMs } = this.config;
      const slots = await this.store.slotsWithDuePromotions({
        degradedGraceMs: DEGRADED_GRACE_MS,
        offlineAfterMs,
      });
      await this.jobs.add(advanceSlot, slots.map(slotPayload));
    });
    this.jobs.implement(sweepSlots, async () => {
      await this.jobs.add(advanceSlot, (await this.store.slotsThatWait()).map(slotPayload));
      const applicationIds = await this.store.applicationsToAutomate();
      await this.jobs.add(
        automatePromotions,
        applicationIds.map((id) => ({ applicationId: String(id) })),
      );
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.repeat(watchDeadlines, {}, WATCH_EVERY_MS);
    await this.jobs.repeat(sweepSlots, {}, SWEEP_EVERY_MS);
  }
}
