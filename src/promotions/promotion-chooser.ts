// Which pending promotion of a slot is next: all are judged under the policy as it stands, some end, older ones give way.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { revisionOf } from './current-steps.ts';
import { nextPromotion, overtaken } from './domain/next-promotion.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import { PendingGates, type PendingJudgement } from './pending-gates.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore, type Slot, type SlotKey } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

@Injectable()
export class PromotionChooser {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly gates: PendingGates,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** Locks the slot. At most one is next, and what it waits for; `undefined` also while another one runs. */
  async choose(tx: Transaction, key: SlotKey): Promise<PendingJudgement | undefined> {
    const slot = await this.store.lockSlot(tx, key);
    const open = await this.current(tx, key, await this.store.openPromotions(tx, key));
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
    return judged.find(({ promotion }) => promotion === chosen.next);
  }

  /** Locks the slot. The one that was next some time ago as it is now; `undefined`: it may not start any more. */
  async again(tx: Transaction, { id, ...key }: Promotion): Promise<Promotion | undefined> {
    const { currentReleaseId } = await this.store.lockSlot(tx, key);
    const found = await this.store.byId(tx, id);
    if (found?.state !== 'PENDING' || overtaken([found], currentReleaseId).length > 0) return undefined;
    const [promotion] = await this.current(tx, key, [found]);
    return promotion;
  }

  /** A policy that was saved holds from then on, whether or not anybody has told its promotions yet. */
  private async current(
    tx: Transaction,
    key: SlotKey,
    promotions: readonly Promotion[],
  ): Promise<readonly Promotion[]> {
    const policy = await this.facts.policyOf(tx, key.applicationId);
    const step = policy?.steps.find(({ environmentId }) => environmentId === key.environmentId);
    if (!policy || !step) return promotions;
    const revision = revisionOf(policy, step);
    const isOld = ({ state, policyRevisionId }: Promotion): boolean =>
      state === 'PENDING' && policyRevisionId !== revision.policyRevisionId;
    if (!promotions.some(isOld)) return promotions;
    await this.store.takeRevision(tx, key, revision);
    return promotions.map((each) =>
      isOld(each) ? { ...each, ...revision, version: each.version + 1 } : each,
    );
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
}
