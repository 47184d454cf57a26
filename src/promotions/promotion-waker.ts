// Turns what other features tell into requests to look again. A notice that comes twice makes one job, or a second
// look that finds nothing to do.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { JobQueue } from '../platform/queue/job.ts';
import { advanceSlot, automatePromotions } from './promotion-jobs.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { SlotPace } from './slot-pace.ts';

/** What comes of an apply is mostly told before this is over. */
const SYNCING_REST_MS = 1_000;

type Payload = Readonly<Record<string, unknown>>;

@Injectable()
export class PromotionWaker implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly jobs: JobQueue,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly pace: SlotPace,
  ) {}

  onModuleInit(): void {
    this.notices.on('release.created', (payloads) => this.automate(idsOf(payloads, 'applicationId')));
    this.notices.on('application.saved', (payloads) => this.automate(idsOf(payloads, 'applicationId')));
    this.notices.on('policy.saved', async (payloads) => {
      const applications = await Promise.all(
        idsOf(payloads, 'policyId').map((id) => this.facts.applicationsOf(id)),
      );
      await this.automate(applications.flat());
    });
    this.notices.on('instances.added', (payloads) => this.advance(slotsOf(payloads)));
    this.notices.on('slots.reported', (payloads) => this.advanceInTurn(slotsOf(payloads)));
    this.notices.on('slots.syncing', (payloads) => this.advanceInTurn(slotsOf(payloads), SYNCING_REST_MS));
    this.notices.on('gates.changed', (payloads) => this.advance(slotsOf(payloads)));
    this.notices.on('promotion.changed', (payloads) =>
      this.advanceOpen(
        idsOf(
          payloads.filter(({ carriedOn }) => carriedOn !== true),
          'applicationId',
        ),
      ),
    );
    this.notices.on('cluster.changed', async (payloads) =>
      this.advanceInTurn(await this.store.runningSlotsOn(idsOf(payloads, 'clusterId'))),
    );
  }

  private async automate(applicationIds: readonly bigint[]): Promise<void> {
    await this.jobs.add(
      automatePromotions,
      [...new Set(applicationIds)].map((id) => ({ applicationId: String(id) })),
    );
  }

  /** A release that was verified opens the next environments, and a slot that was freed lets the next one in. */
  private async advanceOpen(applicationIds: readonly bigint[]): Promise<void> {
    if (applicationIds.length === 0) return;
    await this.advance(await this.store.openSlotsOf(applicationIds));
  }

  /** A slot of thousands of clusters, each of which reports, is looked at for many reports at once. */
  private async advanceInTurn(slots: readonly SlotKey[], otherwiseMs = 0): Promise<void> {
    const byRest = Map.groupBy(slots, (slot) => this.pace.restMs(slot) || otherwiseMs);
    for (const [restMs, some] of byRest) await this.advance(some, restMs);
  }

  private async advance(slots: readonly SlotKey[], restMs = 0): Promise<void> {
    const payloads = slots.map(slotPayload);
    const once = new Map(payloads.map((slot) => [advanceSlot.key(slot), slot]));
    await this.jobs.add(advanceSlot, [...once.values()], { restMs });
  }
}

/** A slot as a job's payload. */
export function slotPayload({ applicationId, environmentId }: SlotKey) {
  return { applicationId: String(applicationId), environmentId: String(environmentId) };
}

function idsOf(payloads: readonly Payload[], field: string): bigint[] {
  return payloads.map((payload) => BigInt(String(payload[field])));
}

function slotsOf(payloads: readonly Payload[]): SlotKey[] {
  return payloads.flatMap((payload) =>
    (payload['slots'] as readonly (readonly [string, string])[]).map(([application, environment]) => ({
      applicationId: BigInt(application),
      environmentId: BigInt(environment),
    })),
  );
}
