// Takes a slot back to an earlier release: what runs is cancelled, a linked rollback takes the slot, and what is newer is
// held back, all in the caller's transaction.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { refuse, Refused } from '../platform/refusal.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import { PromotionFactsStore, type SlotNames } from './promotion-facts-store.ts';
import { PromotionMaker, type AskedBy } from './promotion-maker.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import type { PreparedRollback } from './rollback-preparation.ts';
import { Rollouts } from './rollouts.ts';

/** A person's wish to go back; `why` is told of the promotion that it cancels. */
export interface ReturnRequest extends AskedBy {
  readonly reason: string;
  readonly why: string;
}

@Injectable()
export class SlotReturn {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly maker: PromotionMaker,
    private readonly transitions: PromotionTransitions,
    private readonly rollouts: Rollouts,
  ) {}

  /** The rollback that this request made before. Refused with KEY_USED where its key made something else. */
  known(
    tx: Transaction,
    names: SlotNames,
    by: AskedBy,
    releaseId: bigint | undefined,
  ): Promise<Promotion | undefined> {
    return this.maker.known(tx, names, by, { intent: 'ROLLBACK', releaseId });
  }

  /** The rollback, under way; `cancelled`: what ran before. Refused with NOT_IN_POLICY. */
  async start(
    tx: Transaction,
    names: SlotNames,
    request: ReturnRequest,
    prepared: PreparedRollback,
  ): Promise<{ readonly rollback: Promotion; readonly cancelled: Promotion | undefined }> {
    const slot = await this.store.lockSlot(tx, names);
    const cancelled = await this.cancelRunning(tx, names, request);
    const made = await this.maker.make(tx, names, request, {
      releaseId: prepared.toReleaseId,
      intent: 'ROLLBACK',
      reason: request.reason,
      retryOfId: null,
      rollbackOfId:
        cancelled?.id ??
        (slot.currentReleaseId && (await this.store.lastPromotion(tx, names, slot.currentReleaseId))),
    });
    await this.hold(tx, names, { request, prepared, all: made.step.onFailure.hold });
    return { rollback: await this.rollouts.begin(tx, made, prepared.rendered), cancelled };
  }

  private async cancelRunning(
    tx: Transaction,
    names: SlotNames,
    { why, requestedBy }: ReturnRequest,
  ): Promise<Promotion | undefined> {
    const open = await this.store.openPromotions(tx, names);
    const running = open.find(({ state }) => isRunning(state));
    return running && this.transitions.apply(tx, running, { kind: 'CANCEL', reason: why, by: requestedBy });
  }

  /** Newer releases wait for a person where the policy says so; what was left does in any case. */
  private async hold(
    tx: Transaction,
    names: SlotNames,
    from: { readonly request: ReturnRequest; readonly prepared: PreparedRollback; readonly all: boolean },
  ): Promise<void> {
    const left = await this.facts.releaseById(tx, from.prepared.fromReleaseId);
    const reason = `Release ${left?.number ?? '?'} was rolled back: ${from.request.reason}`;
    const releaseId = from.all ? null : from.prepared.fromReleaseId;
    await this.store.holdForward(tx, names, { reason, by: from.request.requestedBy, releaseId });
  }
}

/** Refuses with CANNOT_ROLL_BACK where what was prepared must not start. */
export function requirePrepared(
  { application, environment }: SlotNames,
  { reasons }: PreparedRollback,
): void {
  if (reasons.length === 0) return;
  const message = `${application} stays as it is in ${environment}: ${reasons.join(' ')} Roll forward instead.`;
  throw new Refused(refuse('CANNOT_ROLL_BACK', message, reasons));
}
