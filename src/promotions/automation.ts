// Makes the promotions of AUTOMATIC steps: one for the newest release and each such step, tried once.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import {
  PromotionFactsStore,
  type CurrentPolicy,
  type CurrentStep,
  type ReleaseRef,
} from './promotion-facts-store.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

/** The actor of everything that no person asked for. */
export const AUTOMATION = 'fairlead';

@Injectable()
export class Automation {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** Idempotent: a release that an environment was given before, by whomever, is not given to it again. */
  async run(applicationId: bigint): Promise<SlotKey[]> {
    return this.database.transaction(async (tx) => {
      const release = await this.facts.latestRelease(tx, applicationId);
      const policy = await this.facts.policyOf(tx, applicationId);
      if (!policy) return [];
      await this.makeSlots(tx, applicationId, policy);
      if (!release) return [];
      const made: SlotKey[] = [];
      for (const step of policy.steps.filter((each) => each.automatic)) {
        const key = await this.promote(tx, applicationId, { release, policy, step });
        if (key) made.push(key);
      }
      return made;
    });
  }

  /** A slot is listed from the moment its step exists, not only once something moves in it. */
  private async makeSlots(tx: Transaction, applicationId: bigint, { steps }: CurrentPolicy): Promise<void> {
    for (const { environmentId } of steps) {
      if (environmentId !== null) await this.store.lockSlot(tx, { applicationId, environmentId });
    }
  }

  private async promote(
    tx: Transaction,
    applicationId: bigint,
    { release, policy, step }: { release: ReleaseRef; policy: CurrentPolicy; step: CurrentStep },
  ): Promise<SlotKey | undefined> {
    if (step.environmentId === null) return undefined;
    const key = { applicationId, environmentId: step.environmentId };
    await this.store.lockSlot(tx, key);
    if (await this.facts.tried(tx, key, release.id)) return undefined;
    const promotion = await this.store.create(tx, {
      ...key,
      releaseId: release.id,
      intent: 'FORWARD',
      requestedBy: AUTOMATION,
      reason: null,
      policyRevisionId: policy.policyRevisionId,
      policyRevision: policy.policyRevision,
      step: { upstream: step.upstream, progressDeadlineMs: step.progressDeadlineMs },
      idempotencyKey: `automation:${release.id}`,
      rollbackOfId: null,
    });
    if (!promotion) return undefined;
    await this.transitions.created(tx, promotion);
    return key;
  }
}
