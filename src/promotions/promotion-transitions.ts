// The one place that writes a promotion's state: transition, effects, event and notices, in the caller's transaction.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type Notice } from '../activity/activity-log.ts';
import { Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/database.ts';
import { AppError } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { isRefusal } from '../platform/refusal.ts';
import { promotionEvent } from './domain/promotion-event.ts';
import type { Promotion } from './domain/promotion.ts';
import { transition, type PromotionEffect, type PromotionEvent } from './domain/transition.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore } from './promotion-store.ts';

@Injectable()
export class PromotionTransitions {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Applies `event` to `before`, whose slot the caller has locked. Throws CONFLICT where another writer was faster or
   * the move is not legal: the job that called runs again and re-reads.
   */
  async apply(
    tx: Transaction,
    before: Promotion,
    event: PromotionEvent,
    actor = 'fairlead',
  ): Promise<Promotion> {
    const result = transition(before, event, this.clock.now());
    if (isRefusal(result)) throw new AppError('CONFLICT', result.message);
    if (!(await this.store.save(tx, before, result.promotion))) {
      throw new AppError(
        'CONFLICT',
        `Promotion ${before.id} was changed by somebody else at the same moment.`,
      );
    }
    for (const effect of result.effects) await this.run(tx, result.promotion, effect);
    await this.tell(tx, result.promotion, { event, actor: actorOf(event) ?? actor });
    return result.promotion;
  }

  /** Records that a promotion was made; its first state is PENDING. */
  async created(tx: Transaction, promotion: Promotion): Promise<void> {
    await this.tell(tx, promotion, { event: undefined, actor: promotion.requestedBy });
  }

  private async run(tx: Transaction, promotion: Promotion, effect: PromotionEffect): Promise<void> {
    const slot = await this.store.lockSlot(tx, promotion);
    switch (effect.kind) {
      case 'TAKE_SLOT':
        await this.store.saveSlot(tx, {
          ...slot,
          currentReleaseId: promotion.releaseId,
          currentPromotionId: promotion.id,
        });
        return;
      case 'FREE_SLOT':
        await this.store.saveSlot(tx, { ...slot, currentPromotionId: null });
        return;
      case 'QUALIFY':
        await this.store.qualify(tx, promotion);
        await this.store.saveSlot(tx, { ...slot, verifiedReleaseId: promotion.releaseId });
        return;
      case 'EXTEND_DEADLINES':
        await this.store.extendDeadlines(tx, promotion, effect.byMs);
        return;
      case 'ASK_AGAIN':
        await this.store.forgetInconclusive(tx, promotion);
        return;
    }
  }

  private async tell(
    tx: Transaction,
    promotion: Promotion,
    { event, actor }: { readonly event: PromotionEvent | undefined; readonly actor: string },
  ): Promise<void> {
    const names = await this.facts.namesOf(tx, promotion);
    const record = promotionEvent(promotion, event, names, actor);
    await this.activity.record(tx, [record]);
    await this.activity.notify(tx, notices(promotion));
    tx.afterCommit(() => {
      this.log.info(record.message, { ...names, promotion: String(promotion.id), state: promotion.state });
    });
  }
}

/** Who is named by the event itself; what the clock or a report brought about is told by the caller. */
function actorOf(event: PromotionEvent): string | undefined {
  return 'by' in event && typeof event.by === 'string' ? event.by : undefined;
}

function notices({ id, applicationId, environmentId }: Promotion): Notice[] {
  const [application, environment] = [String(applicationId), String(environmentId)];
  return [
    {
      topic: 'promotion.changed',
      payload: { promotionId: String(id), applicationId: application, environmentId: environment },
    },
    { topic: 'slots.changed', payload: { slots: [[application, environment]] } },
  ];
}
