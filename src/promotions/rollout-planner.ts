// Starts a rollout: takes the slot, and stores all waves with all their clusters at once. Nothing is assigned yet: from
// here on the stored plan says what comes next, whoever reads it after a crash.
import { Injectable } from '@nestjs/common';
import { isLasting } from '../platform/source-error.ts';
import type { Transaction } from '../platform/database/database.ts';
import { catchUpWave, planWaves, waveOfJoined, wavesOf } from './domain/plan-waves.ts';
import type { Promotion } from './domain/promotion.ts';
import { counted, type WaveFacts } from './domain/wave-progress.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PromotionStore, type JoinedMember, type SlotMember } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import { RolloutStore, type PlannedTarget } from './rollout-store.ts';

@Injectable()
export class RolloutPlanner {
  constructor(
    private readonly store: PromotionStore,
    private readonly rollouts: RolloutStore,
    private readonly transitions: PromotionTransitions,
  ) {}

  /**
   * The caller has locked and freed the slot. Clusters for which the release cannot be rendered keep what they run, and
   * are SKIPPED with the reason; those that joined since it was rendered have a place, and get their bundle with the next
   * look. `only`: the clusters that it is for; left out: all of the slot. The caller settles it in the same transaction.
   */
  async start(
    tx: Transaction,
    promotion: Promotion,
    rendered: RenderedBundles,
    only?: ReadonlySet<bigint>,
  ): Promise<Promotion> {
    const slot = await this.store.lockSlot(tx, promotion);
    const started = await this.transitions.apply(
      tx,
      promotion,
      { kind: 'START', previousReleaseId: slot.currentReleaseId },
      { actor: promotion.requestedBy, carriedOn: true },
    );
    const members = await this.rollouts.members(tx, promotion);
    const wanted = only ? members.filter(({ id }) => only.has(id)) : members;
    const planned = planWaves(wavesOf(promotion.step, promotion.intent), wanted);
    const waves = planned.map(({ rule, clusterIds }) => ({ rule, targets: targetsOf(clusterIds, rendered) }));
    await this.rollouts.addWaves(tx, started, waves);
    const hasUnrendered = waves.some(({ targets }) => targets.some(isUnrendered));
    if (hasUnrendered) await this.transitions.lookAgain(tx, started);
    return started;
  }

  /**
   * A place for clusters that joined: the one that they have, the first wave that has not begun and takes them, else a
   * catch-up wave.
   */
  async place(
    tx: Transaction,
    promotion: Promotion,
    joined: readonly JoinedMember[],
    rendered: RenderedBundles,
  ): Promise<void> {
    const placed = Map.groupBy(joined, ({ waveId }) => waveId);
    for (const [waveId, members] of placed) {
      if (waveId === null) await this.placeAnew(tx, promotion, members, rendered);
      else await this.rollouts.addTargets(tx, promotion, waveId, targetsOf(members.map(idOf), rendered));
    }
  }

  private async placeAnew(
    tx: Transaction,
    promotion: Promotion,
    joined: readonly SlotMember[],
    rendered: RenderedBundles,
  ): Promise<void> {
    const waves = await this.rollouts.waves(tx, promotion);
    const late: bigint[] = [];
    const early = new Map<WaveFacts, bigint[]>();
    for (const cluster of joined) {
      const wave = placeOf(waves, early, cluster);
      if (wave) early.set(wave, [...(early.get(wave) ?? []), cluster.id]);
      else late.push(cluster.id);
    }
    for (const [wave, ids] of early) {
      await this.rollouts.addTargets(tx, promotion, wave.id, targetsOf(ids, rendered));
    }
    if (late.length === 0) return;
    const rule = catchUpWave(wavesOf(promotion.step, promotion.intent));
    await this.rollouts.addWaves(tx, promotion, [{ rule, targets: targetsOf(late, rendered) }]);
  }
}

function placeOf(
  waves: readonly WaveFacts[],
  early: ReadonlyMap<WaveFacts, readonly bigint[]>,
  cluster: SlotMember,
): WaveFacts | undefined {
  const sized = waves.map((wave) => ({ ...wave, size: counted(wave) + (early.get(wave)?.length ?? 0) }));
  const total = sized.reduce((sum, { size }) => sum + size, 0) + 1;
  const position = waveOfJoined(sized, cluster, total);
  return position === undefined ? undefined : waves[position];
}

function targetsOf(clusterIds: readonly bigint[], { bundles, errors }: RenderedBundles): PlannedTarget[] {
  return clusterIds.map((clusterId) => {
    const bundleDigest = bundles.get(clusterId) ?? null;
    if (bundleDigest !== null) return { clusterId, bundleDigest, state: 'PENDING', message: '' };
    const { code = '', message = 'It has just joined: its bundle comes next.' } = errors.get(clusterId) ?? {};
    // What may be better next time is tried again, for as long as its deadline lets the wave wait.
    return { clusterId, bundleDigest, state: isLasting(code) ? 'SKIPPED' : 'PENDING', message };
  });
}

function isUnrendered({ state, bundleDigest }: PlannedTarget): boolean {
  return state === 'PENDING' && bundleDigest === null;
}

function idOf({ id }: SlotMember): bigint {
  return id;
}
