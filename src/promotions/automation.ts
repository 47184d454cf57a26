// Makes the promotions of AUTOMATIC steps: one for the newest release and each such step, tried once.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import {
  PromotionFactsStore,
  type CurrentPolicy,
  type CurrentStep,
  type ReleaseRef,
} from './promotion-facts-store.ts';
import { AUTOMATION } from './domain/promotion.ts';
import { revisionOf } from './current-steps.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

@Injectable()
export class Automation {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly transitions: PromotionTransitions,
  ) {}

  /**
   * Idempotent: a release that an environment was given before, by whomever, is not given to it again. What is pending
   * takes over the policy's current revision, or it might wait for a step that is not there any more.
   */
  async run(applicationId: bigint): Promise<void> {
    await this.database.transaction(async (tx) => {
      const release = await this.facts.latestRelease(tx, applicationId);
      const policy = await this.facts.policyOf(tx, applicationId);
      if (!policy) return;
      await this.prepareSlots(tx, applicationId, policy);
      if (!release) return;
      for (const step of policy.steps.filter((each) => each.automatic)) {
        await this.promote(tx, applicationId, { release, policy, step });
      }
    });
  }

  /** A slot is listed from the moment its step exists, not only once something moves in it. */
  private async prepareSlots(tx: Transaction, applicationId: bigint, policy: CurrentPolicy): Promise<void> {
    for (const step of policy.steps) {
      if (step.environmentId === null) continue;
      const key = { applicationId, environmentId: step.environmentId };
      await this.store.lockSlot(tx, key);
      await this.store.takeRevision(tx, key, revisionOf(policy, step));
    }
  }

  private async promote(
    tx: Transaction,
    applicationId: bigint,
    { release, policy, step }: { release: ReleaseRef; policy: CurrentPolicy; step: CurrentStep },
  ): Promise<void> {
    if (step.environmentId === null) return;
    const key = { applicationId, environmentId: step.environmentId };
    if (await this.facts.tried(tx, key, release.id)) return;
    const promotion = await this.store.create(tx, {
      ...key,
      releaseId: release.id,
      intent: 'FORWARD',
      requestedBy: AUTOMATION,
      reason: null,
      ...revisionOf(policy, step),
      idempotencyKey: `automation:${release.id}`,
      retryOfId: null,
      rollbackOfId: null,
    });
    if (promotion) await this.transitions.created(tx, promotion);
  }
}
