// Ends what is open in a slot that nothing leads to any more. Deleting applications and environments and saving policies
// is a matter of the features to the left, which know nothing of promotions: whoever advances a slot asks here first.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import { AUTOMATION } from './domain/promotion.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

@Injectable()
export class GoneSlots {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** Cancels what is open where application, environment or step is gone; `false`: the slot is alive. */
  end(key: SlotKey): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if ((await this.facts.whyGone(tx, key)) === undefined) return false;
      if ((await this.store.openPromotions(tx, key)).length === 0) return true;
      await this.store.lockSlot(tx, key);
      // Asked again under the lock: the step may be back, and whoever held the slot may have ended what was open.
      const reason = await this.facts.whyGone(tx, key);
      if (reason === undefined) return false;
      for (const promotion of await this.store.openPromotions(tx, key)) {
        await this.transitions.apply(tx, promotion, { kind: 'CANCEL', reason, by: AUTOMATION });
      }
      return true;
    });
  }
}
