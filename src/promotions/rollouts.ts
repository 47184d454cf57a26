// Begins rollouts and moves those that run: the door to the engine for whoever holds the slot's lock, or does not yet.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { RollbackPreparation, type PreparedRollback, type RollbackWanted } from './rollback-preparation.ts';
import { RolloutPlanner } from './rollout-planner.ts';
import { RolloutSettler } from './rollout-settler.ts';

/** A release that is verified while a rollback is prepared changes what to return to; nobody verifies that often. */
const MAX_PREPARATIONS = 3;

@Injectable()
export class Rollouts {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly planner: RolloutPlanner,
    private readonly settler: RolloutSettler,
    private readonly preparation: RollbackPreparation,
  ) {}

  /** Takes the slot and gives the first clusters the release. The caller has locked and freed the slot. */
  async begin(
    tx: Transaction,
    promotion: Promotion,
    bundles: RenderedBundles,
    only?: ReadonlySet<bigint>,
  ): Promise<Promotion> {
    const started = await this.planner.start(tx, promotion, bundles, only);
    const settled = await this.settler.settle(tx, started);
    // A rollout that fails in its first moment, by clusters that are offline, is ended with the next look.
    return 'promotion' in settled ? settled.promotion : started;
  }

  /** Moves what runs in the slot as far as it can go. */
  async settle(key: SlotKey): Promise<void> {
    let prepared: PreparedRollback | undefined;
    for (let attempt = 0; attempt < MAX_PREPARATIONS; attempt += 1) {
      const wanted = await this.database.transaction((tx) => this.settleRunning(tx, key, prepared));
      if (!wanted) return;
      prepared = await this.preparation.prepare(wanted);
    }
  }

  private async settleRunning(
    tx: Transaction,
    key: SlotKey,
    prepared: PreparedRollback | undefined,
  ): Promise<RollbackWanted | undefined> {
    await this.store.lockSlot(tx, key);
    const open = await this.store.openPromotions(tx, key);
    const running = open.find(({ state }) => isRunning(state));
    if (!running) return undefined;
    const settled = await this.settler.settle(tx, running, prepared);
    return 'prepare' in settled ? settled.prepare : undefined;
  }
}
