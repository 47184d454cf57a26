// Gives the release to the next clusters of a wave, and to nobody else. Bundles were rendered before, and whoever has none waits for it.
import { Injectable } from '@nestjs/common';
import { DeliveryCommands } from '../delivery/delivery-commands.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Promotion } from './domain/promotion.ts';
import type { WaveFacts } from './domain/wave-progress.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { RolloutRules } from './rollout-rules.ts';
import { RolloutStore } from './rollout-store.ts';

@Injectable()
export class WaveAssigner {
  constructor(
    private readonly rollouts: RolloutStore,
    private readonly facts: PromotionFactsStore,
    private readonly delivery: DeliveryCommands,
    private readonly rules: RolloutRules,
  ) {}

  async assign(tx: Transaction, promotion: Promotion, wave: WaveFacts, limit: number): Promise<void> {
    const { applicationId, environmentId, releaseId } = promotion;
    const release = await this.facts.releaseById(tx, releaseId);
    if (!release) throw new Error(`Release ${releaseId} of promotion ${promotion.id} is gone.`);
    const bundles = await this.rollouts.nextTargets(tx, wave.id, limit, await this.rules.now(tx));
    const slot = { applicationId, environmentId };
    const assignment = {
      ...slot,
      releaseId,
      releaseNumber: release.number,
      promotionId: promotion.id,
      again: promotion.intent === 'REDEPLOY',
      bundles,
    };
    await this.rollouts.begin(tx, promotion, await this.delivery.assign(tx, assignment));
  }
}
