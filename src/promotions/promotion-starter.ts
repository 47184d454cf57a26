// Decides which pending promotion of a slot starts, and starts it: the newest whose way is free; older ones give way.
import { Injectable } from '@nestjs/common';
import { DeliveryCommands } from '../delivery/delivery-commands.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import { unmetGates, upstreamPassed } from './domain/gates.ts';
import { nextPromotion } from './domain/next-promotion.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import { GateReader, type RenderedBundles } from './gate-reader.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

@Injectable()
export class PromotionStarter {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly gates: GateReader,
    private readonly releases: ReleaseCommands,
    private readonly delivery: DeliveryCommands,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** Starts what may start; `true` when something did. Rendering happens before the slot is locked, never inside. */
  async startNext(key: SlotKey): Promise<boolean> {
    const candidate = await this.database.transaction((tx) => this.supersede(tx, key));
    if (!candidate) return false;
    const bundles = await this.releases.ensureBundles(candidate.releaseId, key.environmentId);
    return this.database.transaction((tx) => this.startIfOpen(tx, candidate, bundles));
  }

  /**
   * Starts this one now, without asking the gates: rollbacks. The caller has locked and freed the slot. Clusters for
   * which it cannot be rendered keep what they run, and are SKIPPED with the reason.
   */
  async start(tx: Transaction, promotion: Promotion, bundles: RenderedBundles): Promise<Promotion> {
    const slot = await this.store.lockSlot(tx, promotion);
    const { release } = await this.gates.names(tx, promotion);
    const started = await this.transitions.apply(
      tx,
      promotion,
      { kind: 'START', previousReleaseId: slot.currentReleaseId },
      promotion.requestedBy,
    );
    const targets = await this.delivery.assign(tx, {
      applicationId: promotion.applicationId,
      environmentId: promotion.environmentId,
      releaseId: promotion.releaseId,
      releaseNumber: release,
      promotionId: promotion.id,
      bundles: bundles.bundles,
      errors: bundles.errors,
    });
    await this.store.createWave(tx, started, targets);
    await this.store.skipTargets(tx, started, bundles.errors);
    return started;
  }

  /** LATEST_WINS: a pending one whose own upstream has passed takes the place of older pending ones. */
  private async supersede(tx: Transaction, key: SlotKey): Promise<Promotion | undefined> {
    await this.store.lockSlot(tx, key);
    const open = await this.store.openPromotions(tx, key);
    if (open.some((promotion) => isRunning(promotion.state))) return undefined;
    const chosen = nextPromotion(open, await this.readyOnes(tx, open));
    if (!chosen) return undefined;
    for (const older of chosen.superseded) {
      await this.transitions.apply(tx, older, { kind: 'SUPERSEDE', by: chosen.next.id });
    }
    return chosen.next;
  }

  private async readyOnes(tx: Transaction, pending: readonly Promotion[]): Promise<Promotion[]> {
    const ready: Promotion[] = [];
    for (const promotion of pending) {
      if (upstreamPassed({ upstream: await this.gates.upstream(tx, promotion) })) ready.push(promotion);
    }
    return ready;
  }

  private async startIfOpen(
    tx: Transaction,
    candidate: Promotion,
    bundles: RenderedBundles,
  ): Promise<boolean> {
    await this.store.lockSlot(tx, candidate);
    const promotion = await this.store.byId(tx, candidate.id);
    if (promotion?.state !== 'PENDING') return false;
    // Asked again under the lock: what was read before rendering may have changed since.
    if (unmetGates(await this.gates.facts(tx, promotion, bundles)).length > 0) return false;
    await this.start(tx, promotion, bundles);
    return true;
  }
}
