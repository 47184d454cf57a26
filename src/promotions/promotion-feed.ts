// Tells every replica's subscribers of changed promotions and slots: ids only, each reads the rows itself.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { flatMapEvents } from '../platform/graphql/map-events.ts';
import { follow } from '../platform/pubsub/follow.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import type { Promotion } from './domain/promotion.ts';
import { PromotionReadStore, type PromotionFilter, type SlotFilter } from './promotion-read-store.ts';
import type { Slot } from './promotion-store.ts';

type Payload = Readonly<Record<string, unknown>>;

@Injectable()
export class PromotionFeed implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly pubSub: PubSub,
    private readonly reads: PromotionReadStore,
  ) {}

  onModuleInit(): void {
    this.notices.on('promotion.changed', (payloads) => {
      const promotionIds = [...new Set(payloads.map(({ promotionId }) => String(promotionId)))];
      return this.pubSub.publish('promotions.changed', { promotionIds });
    });
    const slotsChanged = (payloads: readonly Payload[]): Promise<void> =>
      this.pubSub.publish('slots.changed', { slots: distinct(payloads) });
    this.notices.on('slots.changed', slotsChanged);
    this.notices.on('slots.reported', slotsChanged);
    this.notices.on('slots.syncing', slotsChanged);
  }

  /** Each promotion that changes from now on and matches. */
  promotions(filter: PromotionFilter): AsyncGenerator<Promotion, void, void> {
    return flatMapEvents(follow(this.pubSub, 'promotions.changed'), ({ promotionIds }) =>
      this.reads.matching(promotionIds.map(BigInt), filter),
    );
  }

  /** Each slot that changes from now on and matches. */
  slots(filter: SlotFilter): AsyncGenerator<Slot, void, void> {
    return flatMapEvents(follow(this.pubSub, 'slots.changed'), ({ slots }) =>
      this.reads.slotsByKey(
        slots.map(([application, environment]) => ({
          applicationId: BigInt(application),
          environmentId: BigInt(environment),
        })),
        filter,
      ),
    );
  }
}

function distinct(payloads: readonly Payload[]): [string, string][] {
  const slots = payloads.flatMap(({ slots: each }) => each as [string, string][]);
  return [...new Map(slots.map((slot) => [slot.join('/'), slot])).values()];
}
