// Starts the pending promotion of a slot that is next, once nothing is in its way any more.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import type { Promotion } from './domain/promotion.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PendingGates } from './pending-gates.ts';
import { PromotionChooser } from './promotion-chooser.ts';
import type { SlotKey } from './promotion-store.ts';
import { Rollouts } from './rollouts.ts';

@Injectable()
export class PromotionStarter {
  constructor(
    private readonly database: Database,
    private readonly chooser: PromotionChooser,
    private readonly gates: PendingGates,
    private readonly releases: ReleaseCommands,
    private readonly rollouts: Rollouts,
  ) {}

  /**
   * Starts what may start, with the first wave given out. Rendering happens before the slot is locked, never inside: what
   * has still to be rendered starts in a second transaction, which asks everything again.
   */
  async startNext(key: SlotKey): Promise<void> {
    const candidate = await this.database.transaction((tx) => this.startOrChoose(tx, key));
    if (!candidate) return;
    const bundles = await this.releases.ensureBundles(candidate.releaseId, key.environmentId);
    await this.database.transaction((tx) => this.startIfOpen(tx, candidate, bundles));
  }

  /** The one that is next, where it could not be started at once. */
  private async startOrChoose(tx: Transaction, key: SlotKey): Promise<Promotion | undefined> {
    const next = await this.chooser.choose(tx, key);
    if (!next) return undefined;
    const { promotion, waits } = next;
    if (waits.length > 0) return promotion;
    const bundles = await this.releases.renderedBundles(tx, promotion.releaseId, key.environmentId);
    if (!bundles) return promotion;
    await this.rollouts.begin(tx, promotion, bundles);
    return undefined;
  }

  private async startIfOpen(tx: Transaction, candidate: Promotion, bundles: RenderedBundles): Promise<void> {
    const promotion = await this.chooser.again(tx, candidate);
    if (!promotion) return;
    // Asked again under the lock: what was read before rendering may have changed since.
    const [judged] = await this.gates.judge(tx, [promotion], bundles);
    if (!judged || judged.end || judged.waits.length > 0) return;
    await this.rollouts.begin(tx, promotion, bundles);
  }
}
