// Moves one slot as far as it can go now: take in clusters that joined, judge what runs, start what may start.
// Every notice and every tick of the clock ends here; running it twice does nothing the second time.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import { isRunning } from './domain/promotion.ts';
import { GoneSlots } from './gone-slots.ts';
import { JoinedClusters } from './joined-clusters.ts';
import { PromotionStarter } from './promotion-starter.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { RolloutSettler } from './rollout-settler.ts';

@Injectable()
export class SlotAdvancer {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly gone: GoneSlots,
    private readonly joined: JoinedClusters,
    private readonly settler: RolloutSettler,
    private readonly starter: PromotionStarter,
  ) {}

  async advance(key: SlotKey): Promise<void> {
    if (await this.gone.end(key)) return;
    await this.joined.takeIn(key);
    await this.settleRunning(key);
    if (await this.starter.startNext(key)) await this.settleRunning(key);
  }

  private async settleRunning(key: SlotKey): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.store.lockSlot(tx, key);
      const open = await this.store.openPromotions(tx, key);
      const running = open.find((promotion) => isRunning(promotion.state));
      if (running) await this.settler.settle(tx, running);
    });
  }
}
