// What a change of state asks for, done in the transaction that changes it.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { Checks } from './checks/checks-port.ts';
import type { Promotion } from './domain/promotion.ts';
import type { PromotionEffect } from './domain/transition.ts';
import { PromotionStore, type SlotChange } from './promotion-store.ts';
import { RolloutStore } from './rollout-store.ts';

@Injectable()
export class PromotionEffects {
  constructor(
    private readonly store: PromotionStore,
    private readonly rollouts: RolloutStore,
    private readonly checks: Checks,
  ) {}

  /** `promotion` is already as it is after the change, and its slot is locked. */
  async run(tx: Transaction, promotion: Promotion, effects: readonly PromotionEffect[]): Promise<void> {
    for (const effect of effects) await this.runOne(tx, promotion, effect);
    const change = slotChange(promotion, effects);
    if (Object.keys(change).length > 0) await this.store.changeSlot(tx, promotion, change);
  }

  private async runOne(tx: Transaction, promotion: Promotion, effect: PromotionEffect): Promise<void> {
    switch (effect.kind) {
      case 'EXTEND_DEADLINES':
        return this.rollouts.extendDeadlines(tx, promotion, effect.byMs);
      case 'ASK_AGAIN':
        return this.checks.restart(tx, promotion);
      case 'FREE_SLOT':
        return this.rollouts.closeWaves(tx, promotion);
      case 'QUALIFY':
        return this.store.qualify(tx, promotion);
      case 'TAKE_SLOT':
        return undefined;
    }
  }
}

/** What all of them make of the slot's own row. */
function slotChange({ id, releaseId }: Promotion, effects: readonly PromotionEffect[]): SlotChange {
  const changes = effects.map(({ kind }): SlotChange => {
    if (kind === 'TAKE_SLOT') return { currentReleaseId: releaseId, currentPromotionId: id };
    if (kind === 'FREE_SLOT') return { currentPromotionId: null };
    return kind === 'QUALIFY' ? { verifiedReleaseId: releaseId } : {};
  });
  return Object.assign({}, ...changes) as SlotChange;
}
