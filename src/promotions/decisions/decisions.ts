// What every decision on a promotion has in common: the slot is locked, a refusal undoes all, and whoever waits for the
// promotion looks again after commit.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../../activity/activity-log.ts';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { refusable, Refused, type Refusal } from '../../platform/refusal.ts';
import type { PromotionNames } from '../domain/promotion-event.ts';
import type { Promotion } from '../domain/promotion.ts';
import { PromotionFactsStore } from '../promotion-facts-store.ts';
import { SlotLookup } from '../slot-lookup.ts';

/** What a decision is told with. */
export interface Told {
  readonly kind: string;
  readonly actor: string;
  readonly message: (names: PromotionNames) => string;
  readonly data?: Readonly<Record<string, unknown>>;
}

@Injectable()
export class Decisions {
  constructor(
    private readonly database: Database,
    private readonly lookup: SlotLookup,
    private readonly facts: PromotionFactsStore,
    private readonly activity: ActivityLog,
  ) {}

  /** Runs `decide` with the promotion as it is now. Throws NOT_FOUND. */
  on(
    id: bigint,
    decide: (tx: Transaction, promotion: Promotion) => Promise<Promotion | Refusal>,
  ): Promise<Promotion | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const decided = await decide(tx, await this.lookup.lockPromotion(tx, id));
        if ('reasons' in decided) throw new Refused(decided);
        return decided;
      }),
    );
  }

  /** One event, and a notice by which its slot is advanced. */
  async tell(tx: Transaction, promotion: Promotion, { kind, actor, message, data }: Told): Promise<void> {
    const names = await this.facts.namesOf(tx, promotion);
    const { application, environment, release } = names;
    const event = {
      kind,
      actor,
      message: message(names),
      application,
      environment,
      promotionId: promotion.id,
    };
    await this.activity.record(tx, [{ ...event, data: { release, ...data } }]);
    const [applicationId, environmentId] = [String(promotion.applicationId), String(promotion.environmentId)];
    await this.activity.notify(tx, [
      {
        topic: 'promotion.changed',
        payload: { promotionId: String(promotion.id), applicationId, environmentId },
      },
      { topic: 'slots.changed', payload: { slots: [[applicationId, environmentId]] } },
    ]);
  }
}
