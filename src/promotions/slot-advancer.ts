// Moves one slot as far as it can go now: judge what runs, start what may start, take in who joined.
// Every notice and every tick of the clock ends here; running it twice does nothing the second time.
import { Injectable } from '@nestjs/common';
import { GoneSlots } from './gone-slots.ts';
import { JoinedClusters } from './joined-clusters.ts';
import { PromotionStarter } from './promotion-starter.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { Rollouts } from './rollouts.ts';
import { SlotPace } from './slot-pace.ts';

@Injectable()
export class SlotAdvancer {
  constructor(
    private readonly store: PromotionStore,
    private readonly gone: GoneSlots,
    private readonly joined: JoinedClusters,
    private readonly rollouts: Rollouts,
    private readonly starter: PromotionStarter,
    private readonly pace: SlotPace,
  ) {}

  /** What becomes true while it looks is told by a notice of its own, which comes here again. */
  async advance(key: SlotKey): Promise<void> {
    const { isPlanned, hasJoined, isRunning, isPending } = await this.store.workIn(key);
    if (!isPlanned && (await this.gone.end(key))) return;
    if (isRunning) await this.pace.timed(key, () => this.rollouts.settle(key));
    if (isPending) await this.starter.startNext(key);
    // Last: to render for newcomers takes a while and may fail, and nobody else waits for that.
    if (hasJoined && (await this.joined.takeIn(key))) await this.rollouts.settle(key);
  }
}
