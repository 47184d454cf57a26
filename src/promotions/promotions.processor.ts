// Runs the jobs of promotions: parse, call, nothing more.
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../platform/queue/job.ts';
import { Automation } from './automation.ts';
import { advanceSlot, automatePromotions, sweepSlots, watchDeadlines } from './promotion-jobs.ts';
import { PromotionStore } from './promotion-store.ts';
import { slotPayload } from './promotion-waker.ts';
import { QualificationWatch } from './qualification-watch.ts';
import { SlotAdvancer } from './slot-advancer.ts';

const WATCH_EVERY_MS = 1_000;
/** A claimed slot is left alone for this long; a replica that died with it costs no more. */
const CLAIM_MS = 15_000;
const CLAIMED_AT_ONCE = 500;
/** How long something stands still at most when a notice came to nothing: a job's tries were spent, a source was away. */
const SWEEP_EVERY_MS = 15_000;
/** One application's slow render must not hold up the others'; a slot's own jobs still follow one another. */
const SLOTS_AT_ONCE = 4;
/** A commit to a repository of many applications makes a release of each, all in the same moment. */
const APPLICATIONS_AT_ONCE = 4;

@Injectable()
export class PromotionsProcessor implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly advancer: SlotAdvancer,
    private readonly automation: Automation,
    private readonly store: PromotionStore,
    private readonly qualifications: QualificationWatch,
  ) {}

  onModuleInit(): void {
    this.jobs.implement(
      advanceSlot,
      ({ applicationId, environmentId }) =>
        this.advancer.advance({ applicationId: BigInt(applicationId), environmentId: BigInt(environmentId) }),
      { concurrency: SLOTS_AT_ONCE },
    );
    this.jobs.implement(
      automatePromotions,
      async ({ applicationId }) => {
        await this.automation.run(BigInt(applicationId));
        const open = await this.store.openSlotsOf([BigInt(applicationId)]);
        await this.jobs.add(advanceSlot, open.map(slotPayload));
      },
      { concurrency: APPLICATIONS_AT_ONCE },
    );
    this.jobs.implement(watchDeadlines, async () => {
      const slots = await this.store.claimDue(CLAIM_MS, CLAIMED_AT_ONCE);
      await this.jobs.add(advanceSlot, slots.map(slotPayload));
      await this.qualifications.watch();
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
