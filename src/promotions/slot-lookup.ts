// Finds slots by the names that people give, and promotions by their ids, locked for a decision.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { encodeId } from '../platform/graphql/opaque-id.ts';
import type { Promotion } from './domain/promotion.ts';
import { PromotionFactsStore, type SlotNames } from './promotion-facts-store.ts';
import { PromotionStore } from './promotion-store.ts';

@Injectable()
export class SlotLookup {
  constructor(
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
  ) {}

  /** Throws NOT_FOUND for an unknown application or environment. */
  async byNames(
    tx: Transaction,
    { application, environment }: { readonly application: string; readonly environment: string },
  ): Promise<SlotNames> {
    const { applicationId, environmentId } = await this.facts.slotByNames(tx, application, environment);
    if (applicationId === undefined) throw notFound('Application', application);
    if (environmentId === undefined) throw notFound('Environment', environment);
    return { application, environment, applicationId, environmentId };
  }

  /** The promotion as it is now, its slot locked until the transaction ends. Throws NOT_FOUND. */
  async lockPromotion(tx: Transaction, id: bigint): Promise<Promotion> {
    const found = await this.store.byId(tx, id);
    if (!found) throw notFound('Promotion', encodeId('promotion', id));
    await this.store.lockSlot(tx, found);
    // Read again: whoever held the slot before may have moved it.
    const promotion = await this.store.byId(tx, id);
    if (!promotion) throw notFound('Promotion', encodeId('promotion', id));
    return promotion;
  }
}
