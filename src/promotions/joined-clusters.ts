// A cluster that joins an environment gets what runs there at once: the running promotion's release, as one more
// target of it, else the slot's current release.
import { Injectable } from '@nestjs/common';
import { DeliveryCommands } from '../delivery/delivery-commands.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';

interface Joined {
  readonly clusterIds: readonly bigint[];
  readonly running: Promotion | undefined;
  readonly releaseId: bigint;
  readonly releaseNumber: number;
  /** The promotion that brought the slot's release, so that the new instance says how it came by it. */
  readonly promotionId: bigint | null;
}

@Injectable()
export class JoinedClusters {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly releases: ReleaseCommands,
    private readonly delivery: DeliveryCommands,
  ) {}

  async takeIn(key: SlotKey): Promise<void> {
    const before = await this.database.transaction((tx) => this.find(tx, key));
    if (!before) return;
    const rendered = await this.releases.ensureBundles(before.releaseId, key.environmentId);
    await this.database.transaction(async (tx) => {
      const now = await this.find(tx, key);
      // Another release took the slot while this one was rendered: the notice of that change comes here again.
      if (now?.releaseId !== before.releaseId) return;
      await this.assign(tx, key, now, rendered);
    });
  }

  private async find(tx: Transaction, key: SlotKey): Promise<Joined | undefined> {
    const slot = await this.store.lockSlot(tx, key);
    const clusterIds = await this.store.unassigned(tx, key);
    const release = await this.facts.releaseById(tx, slot.currentReleaseId);
    if (!release || clusterIds.length === 0) return undefined;
    const open = await this.store.openPromotions(tx, key);
    const running = open.find((promotion) => isRunning(promotion.state));
    const promotionId = running?.id ?? (await this.store.lastPromotion(tx, slot));
    return { clusterIds, running, releaseId: release.id, releaseNumber: release.number, promotionId };
  }

  private async assign(
    tx: Transaction,
    key: SlotKey,
    joined: Joined,
    rendered: RenderedBundles,
  ): Promise<void> {
    const { releaseId, releaseNumber, promotionId, running } = joined;
    const targets = await this.delivery.assign(tx, {
      ...key,
      releaseId,
      releaseNumber,
      promotionId,
      bundles: only(rendered.bundles, joined.clusterIds),
      errors: only(rendered.errors, joined.clusterIds),
    });
    if (running) await this.store.addTargets(tx, running, targets);
  }
}

function only<Value>(values: ReadonlyMap<bigint, Value>, clusterIds: readonly bigint[]): Map<bigint, Value> {
  const wanted = new Set(clusterIds);
  return new Map([...values].filter(([clusterId]) => wanted.has(clusterId)));
}
