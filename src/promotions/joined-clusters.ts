// A cluster that joins an environment gets what belongs there: a place in the rollout that goes on, else at once the
// release that was verified there last, or the slot's current one while none was.
import { Injectable } from '@nestjs/common';
import { DeliveryCommands } from '../delivery/delivery-commands.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import type { Promotion } from './domain/promotion.ts';
import { slotId } from './domain/slot-id.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PromotionFactsStore, type ReleaseRef } from './promotion-facts-store.ts';
import { PromotionStore, type JoinedMember, type SlotKey } from './promotion-store.ts';
import { RenderBackoff } from './render-backoff.ts';
import { RolloutPlanner } from './rollout-planner.ts';

interface Joined {
  readonly members: readonly JoinedMember[];
  /** The rollout that they get a place in. */
  readonly rolling: Promotion | undefined;
  readonly release: ReleaseRef;
  /** The promotion that brought the release, so that the new instance says how it came by it. */
  readonly promotionId: bigint | null;
}

@Injectable()
export class JoinedClusters {
  private readonly backoff = new RenderBackoff();

  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly releases: ReleaseCommands,
    private readonly delivery: DeliveryCommands,
    private readonly planner: RolloutPlanner,
  ) {}

  /** Whether some have a place or a release by now. What could not be rendered is tried again after a rest. */
  async takeIn(key: SlotKey): Promise<boolean> {
    const before = await this.database.transaction((tx) => this.find(tx, key));
    const attempt = before && attemptOf(before);
    if (!before || !attempt || this.backoff.restsNow(slotId(key), attempt)) return false;
    const rendered = await this.render(key, before, attempt);
    this.backoff.note(slotId(key), attempt, failedOnes(before, rendered));
    return this.database.transaction(async (tx) => {
      const now = await this.find(tx, key);
      // Another release took the slot while this one was rendered: its rollout has a place for them.
      if (now?.release.id !== before.release.id) return false;
      await this.assign(tx, key, now, rendered);
      return true;
    });
  }

  private async render(key: SlotKey, { release }: Joined, attempt: string): Promise<RenderedBundles> {
    try {
      return await this.releases.ensureBundles(release.id, key.environmentId);
    } catch (error) {
      this.backoff.note(slotId(key), attempt, true);
      throw error;
    }
  }

  private async find(tx: Transaction, key: SlotKey): Promise<Joined | undefined> {
    const slot = await this.store.lockSlot(tx, key);
    const members = await this.store.unassigned(tx, slot);
    if (members.length === 0) return undefined;
    const open = await this.store.openPromotions(tx, key);
    const running = open.find(({ state }) => state !== 'PENDING');
    // Once all waves have passed a newcomer cannot be proved by them: it gets the release like anybody who joins later.
    const rolling = running?.state === 'VERIFYING' ? undefined : running;
    const releaseId = running?.releaseId ?? slot.verifiedReleaseId ?? slot.currentReleaseId;
    const release = await this.facts.releaseById(tx, releaseId);
    if (!release) return undefined;
    const promotionId = running?.id ?? (await this.store.lastPromotion(tx, key, release.id));
    return { members, rolling, release, promotionId };
  }

  private async assign(
    tx: Transaction,
    key: SlotKey,
    joined: Joined,
    rendered: RenderedBundles,
  ): Promise<void> {
    const { members, rolling, release, promotionId } = joined;
    const wanted = new Set(members.map(({ id }) => id));
    const errors = only(rendered.errors, wanted);
    if (rolling) {
      const known = members.filter(({ id }) => rendered.bundles.has(id) || rendered.errors.has(id));
      await this.planner.place(tx, rolling, known, rendered);
    }
    await this.delivery.assign(tx, {
      applicationId: key.applicationId,
      environmentId: key.environmentId,
      releaseId: release.id,
      releaseNumber: release.number,
      promotionId,
      bundles: rolling ? new Map() : only(rendered.bundles, wanted),
      errors,
    });
  }
}

/** The same clusters and the same release again would end the same. */
function attemptOf({ release, members }: Joined): string {
  return `${release.id} ${members.map(({ id }) => id).join(' ')}`;
}

function failedOnes({ members }: Joined, { bundles }: RenderedBundles): boolean {
  return members.some(({ id }) => !bundles.has(id));
}

function only<Value>(values: ReadonlyMap<bigint, Value>, wanted: ReadonlySet<bigint>): Map<bigint, Value> {
  return new Map([...values].filter(([clusterId]) => wanted.has(clusterId)));
}
