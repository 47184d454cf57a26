// Decides which pending promotion of a slot starts, and starts it: the newest whose way is free; older ones give way.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import { nextPromotion, overtaken } from './domain/next-promotion.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PendingGates } from './pending-gates.ts';
import { PromotionStore, type Slot, type SlotKey } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import { Rollouts } from './rollouts.ts';

@Injectable()
export class PromotionStarter {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly gates: PendingGates,
    private readonly releases: ReleaseCommands,
    private readonly transitions: PromotionTransitions,
    private readonly rollouts: Rollouts,
  ) {}

  /** Starts what may start; `true` when something did. Rendering happens before the slot is locked, never inside. */
  async startNext(key: SlotKey): Promise<boolean> {
    const candidate = await this.database.transaction((tx) => this.choose(tx, key));
    if (!candidate) return false;
    const bundles = await this.releases.ensureBundles(candidate.releaseId, key.environmentId);
    return this.database.transaction((tx) => this.startIfOpen(tx, candidate, bundles));
  }

  /**
   * Starts this one now, without asking the gates: rollbacks. The caller has locked and freed the slot. Clusters for
   * which it cannot be rendered keep what they run, and are SKIPPED with the reason.
   */
  start(tx: Transaction, promotion: Promotion, bundles: RenderedBundles): Promise<Promotion> {
    return this.rollouts.begin(tx, promotion, bundles);
  }

  /** Judges every pending one: some end, some give way, and at most one is next. */
  private async choose(tx: Transaction, key: SlotKey): Promise<Promotion | undefined> {
    const slot = await this.store.lockSlot(tx, key);
    const open = await this.store.openPromotions(tx, key);
    const pending = await this.without(tx, slot, open);
    const judged = await this.gates.judge(tx, pending);
    for (const { promotion, end } of judged) {
      if (end) await this.transitions.apply(tx, promotion, end);
    }
    if (open.some(({ state }) => isRunning(state))) return undefined;
    const chosen = nextPromotion(judged.filter(({ end }) => !end));
    if (!chosen) return undefined;
    for (const older of chosen.superseded) {
      await this.transitions.apply(tx, older, { kind: 'SUPERSEDE', by: chosen.next.id });
    }
    return chosen.next;
  }

  /** The pending ones that may still come: once nothing rolls, what is older than what runs has given way. */
  private async without(tx: Transaction, slot: Slot, open: readonly Promotion[]): Promise<Promotion[]> {
    const pending = open.filter(({ state }) => state === 'PENDING');
    const { currentReleaseId } = slot;
    const past = pending.length < open.length ? [] : overtaken(pending, currentReleaseId);
    if (past.length === 0 || currentReleaseId === null) return pending;
    const newer = await this.store.lastPromotion(tx, slot, currentReleaseId);
    if (newer === null) return pending;
    for (const older of past) await this.transitions.apply(tx, older, { kind: 'SUPERSEDE', by: newer });
    return pending.filter((each) => !past.includes(each));
  }

  private async startIfOpen(
    tx: Transaction,
    candidate: Promotion,
    bundles: RenderedBundles,
  ): Promise<boolean> {
    const { currentReleaseId } = await this.store.lockSlot(tx, candidate);
    const promotion = await this.store.byId(tx, candidate.id);
    if (promotion?.state !== 'PENDING' || overtaken([promotion], currentReleaseId).length > 0) return false;
    // Asked again under the lock: what was read before rendering may have changed since.
    const [judged] = await this.gates.judge(tx, [promotion], bundles);
    if (!judged || judged.end || judged.waits.length > 0) return false;
    await this.rollouts.begin(tx, promotion, bundles);
    return true;
  }
}
