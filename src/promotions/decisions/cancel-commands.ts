// People cancel promotions: what has moved stays where it is, or goes back to what ran before.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { isRefusal, refuse, type Refusal } from '../../platform/refusal.ts';
import { refuseCancel, refuseRevert } from '../domain/refuse-decision.ts';
import { isRunning, type Promotion } from '../domain/promotion.ts';
import { refuseReason } from '../domain/reason.ts';
import { PromotionFactsStore } from '../promotion-facts-store.ts';
import { PromotionTransitions } from '../promotion-transitions.ts';
import { RollbackPreparation, type PreparedRollback } from '../rollback-preparation.ts';
import { requirePrepared, SlotReturn } from '../slot-return.ts';
import { Decisions } from './decisions.ts';

@Injectable()
export class CancelCommands {
  constructor(
    private readonly decisions: Decisions,
    private readonly transitions: PromotionTransitions,
    private readonly facts: PromotionFactsStore,
    private readonly preparation: RollbackPreparation,
    private readonly back: SlotReturn,
  ) {}

  /** With `revert` what runs is followed by a rollback to the release before it; what only waits has nothing to revert. */
  async cancel(
    id: bigint,
    { reason, revert }: { readonly reason: string; readonly revert: boolean },
    { user }: UserPrincipal,
  ): Promise<Promotion | Refusal> {
    const looked = await this.decisions.on(id, (tx, promotion) => {
      const refusal = refuseReason('A cancellation', reason) ?? refuseCancel(promotion);
      if (refusal) return Promise.resolve(refusal);
      if (revert && isRunning(promotion.state)) return Promise.resolve(refuseRevert(promotion) ?? promotion);
      return this.transitions.apply(tx, promotion, { kind: 'CANCEL', reason, by: user });
    });
    if (isRefusal(looked) || !revert || !isRunning(looked.state)) return looked;
    return this.revert(looked, reason, user);
  }

  /** Rendered before anything is locked; whether it still runs is asked again under the lock. */
  private async revert(looked: Promotion, reason: string, user: string): Promise<Promotion | Refusal> {
    const { environmentId, releaseId: fromReleaseId, previousReleaseId } = looked;
    const toReleaseId = previousReleaseId ?? fromReleaseId;
    const prepared = await this.preparation.prepare({ environmentId, fromReleaseId, toReleaseId });
    return this.decisions.on(looked.id, async (tx, promotion) => {
      const refusal = refuseCancel(promotion) ?? refuseRevert(promotion);
      if (refusal) return refusal;
      return this.takeBack(tx, promotion, { reason, user, prepared });
    });
  }

  private async takeBack(
    tx: Parameters<SlotReturn['start']>[0],
    { applicationId, environmentId, ...promotion }: Promotion,
    {
      reason,
      user,
      prepared,
    }: { readonly reason: string; readonly user: string; readonly prepared: PreparedRollback },
  ): Promise<Promotion | Refusal> {
    const named = await this.facts.namesOf(tx, { ...promotion, applicationId, environmentId });
    const names = { ...named, applicationId, environmentId };
    requirePrepared(names, prepared);
    const { cancelled } = await this.back.start(
      tx,
      names,
      { reason, why: reason, requestedBy: user },
      prepared,
    );
    return cancelled ?? refuse('ALREADY_ENDED', 'The promotion ended at the same moment.');
  }
}
