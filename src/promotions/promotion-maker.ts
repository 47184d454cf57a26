// Makes promotions for people: the step of the policy as it stands, one promotion per idempotency key, one event.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { refuse, Refused } from '../platform/refusal.ts';
import { revisionOf } from './current-steps.ts';
import type { Promotion, PromotionIntent } from './domain/promotion.ts';
import { PromotionFactsStore, type SlotNames } from './promotion-facts-store.ts';
import { PromotionStore, type NewPromotion } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

/** Who asks, and the key under which the same request is made only once. */
export interface AskedBy {
  readonly requestedBy: string;
  readonly idempotencyKey?: string | undefined;
}

/** What is asked for; the slot is named apart. */
export type Wanted = Pick<NewPromotion, 'releaseId' | 'intent' | 'reason' | 'retryOfId' | 'rollbackOfId'>;

@Injectable()
export class PromotionMaker {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly transitions: PromotionTransitions,
  ) {}

  /**
   * The promotion that this key made before; `undefined`: none, or no key. The caller has locked the slot. Refused where
   * the key was used for something else: answering with that would pretend that this was done.
   */
  async known(
    tx: Transaction,
    names: SlotNames,
    { idempotencyKey }: AskedBy,
    wanted: { readonly intent: PromotionIntent; readonly releaseId?: bigint | undefined },
  ): Promise<Promotion | undefined> {
    const key = keyOf(idempotencyKey);
    const known = key === null ? undefined : await this.store.byIdempotencyKey(tx, names, key);
    if (!known) return undefined;
    const sameRelease = wanted.releaseId === undefined || wanted.releaseId === known.releaseId;
    if (known.intent === wanted.intent && sameRelease) return known;
    const message = `The idempotency key "${idempotencyKey}" was used for another promotion in this slot: use a new one.`;
    throw new Refused(refuse('KEY_USED', message));
  }

  /** PENDING. Refused with NOT_IN_POLICY. */
  async make(tx: Transaction, names: SlotNames, by: AskedBy, wanted: Wanted): Promise<Promotion> {
    const { applicationId, environmentId } = names;
    const policy = await this.facts.policyOf(tx, applicationId);
    const step = policy?.steps.find((each) => each.environmentId === environmentId);
    if (!policy || !step) {
      const message = `The policy of ${names.application} has no step for ${names.environment}.`;
      throw new Refused(refuse('NOT_IN_POLICY', message));
    }
    const { requestedBy, idempotencyKey } = by;
    const asked = { ...wanted, requestedBy, idempotencyKey: keyOf(idempotencyKey) };
    const revision = revisionOf(policy, step);
    const created = await this.store.create(tx, { applicationId, environmentId, ...asked, ...revision });
    // The slot is locked and the key was looked up under the lock, so nobody can have been faster.
    if (!created) throw new Error(`Idempotency key ${idempotencyKey} appeared under the slot's lock.`);
    await this.transitions.created(tx, created);
    return created;
  }
}

/** Automation has keys of its own; a person's never meets them. */
function keyOf(idempotencyKey: string | undefined): string | null {
  return idempotencyKey === undefined ? null : `request:${idempotencyKey}`;
}
