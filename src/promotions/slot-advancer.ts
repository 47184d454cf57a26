// Moves one slot as far as it can go now: take in clusters that joined, judge what runs, start what may start.
// Every notice and every tick of the clock ends here; running it twice does nothing the second time.
import { Injectable } from '@nestjs/common';
import { GoneSlots } from './gone-slots.ts';
import { JoinedClusters } from './joined-clusters.ts';
import { PromotionStarter } from './promotion-starter.ts';
import type { SlotKey } from './promotion-store.ts';
import { Rollouts } from './rollouts.ts';

@Injectable()
export class SlotAdvancer {
  constructor(
    private readonly gone: GoneSlots,
    private readonly joined: JoinedClusters,
    private readonly rollouts: Rollouts,
    private readonly starter: PromotionStarter,
  ) {}

  async advance(key: SlotKey): Promise<void> {
    if (await this.gone.end(key)) return;
    await this.joined.takeIn(key);
    await this.rollouts.settle(key);
    // What starts has its first wave given out by then; what it is at the next moment is seen at once.
    if (await this.starter.startNext(key)) await this.rollouts.settle(key);
  }
}
