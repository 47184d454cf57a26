// People ask for a release to be brought on, at once as a hotfix, once more, or again after it ended.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { refusable, Refused, type Refusal } from '../platform/refusal.ts';
import { givesWayToHotfix, refuseForward, refuseRetry, type ForwardFacts } from './domain/admission.ts';
import type { Promotion } from './domain/promotion.ts';
import { PromotionFactsStore, type ReleaseRef, type SlotNames } from './promotion-facts-store.ts';
import { PromotionMaker, type AskedBy } from './promotion-maker.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import { SlotLookup } from './slot-lookup.ts';

/** What a person asks for. */
export interface PromoteRequest extends AskedBy {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly intent: NonNullable<ForwardFacts['intent']>;
  readonly reason?: string | undefined;
}

type Bringing = Pick<PromoteRequest, 'intent' | 'reason'> & AskedBy & { readonly retryOfId: bigint | null };

@Injectable()
export class PromotionCommands {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly lookup: SlotLookup,
    private readonly maker: PromotionMaker,
    private readonly transitions: PromotionTransitions,
  ) {}

  /**
   * Makes a PENDING promotion; it starts by itself once its gates pass. The same idempotency key answers with the
   * promotion that it made before. Throws NOT_FOUND for an unknown application, environment or release.
   */
  promote(request: PromoteRequest): Promise<Promotion | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const names = await this.lookup.byNames(tx, request);
        await this.store.lockSlot(tx, names);
        const release = await this.facts.releaseByNumber(tx, names.applicationId, request.release);
        if (!release) throw notFound('Release', `${request.application}#${request.release}`);
        const wanted = { intent: request.intent, releaseId: release.id };
        const known = await this.maker.known(tx, names, request, wanted);
        return known ?? this.bring(tx, names, release, { ...request, retryOfId: null });
      }),
    );
  }

  /** A new promotion of what ended, linked to it, under the policy as it stands now. Throws NOT_FOUND. */
  retry(id: bigint, requestedBy: string): Promise<Promotion | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const before = await this.lookup.lockPromotion(tx, id);
        const refusal = refuseRetry(before);
        if (refusal) throw new Refused(refusal);
        const names = await this.facts.namesOf(tx, before);
        const release = await this.facts.releaseById(tx, before.releaseId);
        if (!release) throw notFound('Release', `${names.application}#${names.release}`);
        const { applicationId, environmentId } = before;
        const intent = before.intent === 'ROLLBACK' ? 'FORWARD' : before.intent;
        const again = { intent, reason: before.reason ?? undefined, requestedBy, retryOfId: before.id };
        return this.bring(tx, { ...names, applicationId, environmentId }, release, again);
      }),
    );
  }

  private async bring(
    tx: Transaction,
    names: SlotNames,
    release: ReleaseRef,
    asked: Bringing,
  ): Promise<Promotion> {
    const slot = await this.store.lockSlot(tx, names);
    const open = await this.store.openPromotions(tx, names);
    const current = await this.facts.releaseById(tx, slot.currentReleaseId);
    const { application, environment } = names;
    const { intent, reason, retryOfId } = asked;
    const what = { application, environment, intent, reason, release: release.number, releaseId: release.id };
    const refusal = refuseForward({ ...what, slot, open, currentNumber: current?.number });
    if (refusal) throw new Refused(refusal);
    const wanted = { releaseId: release.id, intent, reason: reason ?? null, retryOfId, rollbackOfId: null };
    const made = await this.maker.make(tx, names, asked, wanted);
    for (const waiting of givesWayToHotfix({ open, releaseId: release.id, intent })) {
      await this.transitions.apply(
        tx,
        waiting,
        { kind: 'SUPERSEDE', by: made.id },
        { actor: asked.requestedBy },
      );
    }
    return made;
  }
}
