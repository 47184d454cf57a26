// What a change of state asks for, done in the transaction that changes it.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { Checks } from './checks/checks-port.ts';
import type { Promotion } from './domain/promotion.ts';
import type { PromotionEffect } from './domain/transition.ts';
import { PromotionStore } from './promotion-store.ts';
import { RolloutStore } from './rollout-store.ts';

@Injectable()
export class PromotionEffects {
  constructor(
    private readonly store: PromotionStore,
    private readonly rollouts: RolloutStore,
    private readonly checks: Checks,
  ) {}

  /** `promotion` is already as it is after the change. */
  async run(tx: Transaction, promotion: Promotion, effect: PromotionEffect): Promise<void> {
    switch (effect.kind) {
      case 'EXTEND_DEADLINES':
        return this.rollouts.extendDeadlines(tx, promotion, effect.byMs);
      case 'ASK_AGAIN':
        return this.checks.restart(tx, promotion);
      case 'TAKE_SLOT':
      case 'FREE_SLOT':
      case 'QUALIFY':
        return this.changeSlot(tx, promotion, effect.kind);
    }
  }

  private async changeSlot(
    tx: Transaction,
    promotion: Promotion,
    change: 'TAKE_SLOT' | 'FREE_SLOT' | 'QUALIFY',
  ): Promise<void> {
    const slot = await this.store.lockSlot(tx, promotion);
    switch (change) {
      case 'TAKE_SLOT': {
        const taken = { currentReleaseId: promotion.releaseId, currentPromotionId: promotion.id };
        return this.store.saveSlot(tx, { ...slot, ...taken });
      }
      case 'FREE_SLOT':
        await this.rollouts.closeWaves(tx, promotion);
        return this.store.saveSlot(tx, { ...slot, currentPromotionId: null });
      case 'QUALIFY':
        await this.store.qualify(tx, promotion);
        return this.store.saveSlot(tx, { ...slot, verifiedReleaseId: promotion.releaseId });
    }
  }
}
