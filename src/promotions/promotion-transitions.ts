// The one place that writes a promotion's state: transition, effects, event and notices, in the caller's transaction.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type Notice } from '../activity/activity-log.ts';
import { Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/database.ts';
import { AppError } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { isRefusal } from '../platform/refusal.ts';
import { promotionEvent } from './domain/promotion-event.ts';
import { AUTOMATION, type Promotion } from './domain/promotion.ts';
import { transition, type PromotionEvent } from './domain/transition.ts';
import { PromotionEffects } from './promotion-effects.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore } from './promotion-store.ts';
import { slotsNotice } from './slots-notice.ts';

/** How a change came about. */
export interface Circumstances {
  /** Who is named where the event names nobody. */
  readonly actor?: string;
  /** The look that changes it goes on in the same transaction until there is something to wait for: nobody need look again. */
  readonly carriedOn?: boolean;
}

@Injectable()
export class PromotionTransitions {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly effects: PromotionEffects,
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
    { actor = AUTOMATION, carriedOn = false }: Circumstances = {},
  ): Promise<Promotion> {
    const result = transition(before, event, await this.timeOf(tx, event));
    if (isRefusal(result)) throw new AppError('CONFLICT', result.message);
    if (!(await this.store.save(tx, before, result.promotion))) {
      throw new AppError(
        'CONFLICT',
        `Promotion ${before.id} was changed by somebody else at the same moment.`,
      );
    }
    await this.effects.run(tx, result.promotion, result.effects);
    await this.tell(tx, result.promotion, { event, actor: actorOf(event) ?? actor, carriedOn });
    return result.promotion;
  }

  /** Records that a promotion was made; its first state is PENDING. */
  async created(tx: Transaction, promotion: Promotion): Promise<void> {
    await this.tell(tx, promotion, { event: undefined, actor: promotion.requestedBy, carriedOn: false });
  }

  /** Asks for another look at the slot after commit, by whoever could not carry on what runs there. */
  async lookAgain(tx: Transaction, promotion: Promotion): Promise<void> {
    await this.activity.notify(tx, slotsNotice([promotion]));
  }

  /** Pauses begin and end by the database's clock: what is between them is taken from nobody, whoever's clock jumps. */
  private timeOf(tx: Transaction, { kind }: PromotionEvent): Promise<Date> {
    const isPause = kind === 'PAUSE' || kind === 'RESUME';
    return isPause ? this.store.now(tx) : Promise.resolve(this.clock.now());
  }

  private async tell(
    tx: Transaction,
    promotion: Promotion,
    { event, actor, carriedOn }: Required<Circumstances> & { readonly event: PromotionEvent | undefined },
  ): Promise<void> {
    const names = await this.facts.namesOf(tx, promotion);
    const record = promotionEvent(promotion, event, names, actor);
    await this.activity.record(tx, [record]);
    await this.activity.notify(tx, notices(promotion, carriedOn));
    tx.afterCommit(() => {
      this.log.info(record.message, { ...names, promotion: String(promotion.id), state: promotion.state });
    });
  }
}

/** Who is named by the event itself; what the clock or a report brought about is told by the caller. */
function actorOf(event: PromotionEvent): string | undefined {
  return 'by' in event && typeof event.by === 'string' ? event.by : undefined;
}

function notices({ id, applicationId, environmentId }: Promotion, carriedOn: boolean): Notice[] {
  const [application, environment] = [String(applicationId), String(environmentId)];
  return [
    {
      topic: 'promotion.changed',
      payload: {
        promotionId: String(id),
        applicationId: application,
        environmentId: environment,
        ...(carriedOn && { carriedOn }),
      },
    },
    { topic: 'slots.changed', payload: { slots: [[application, environment]] } },
  ];
}
