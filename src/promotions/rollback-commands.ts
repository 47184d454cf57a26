// People go back to a release that ran in the slot.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { refusable, Refused, type Refusal } from '../platform/refusal.ts';
import { rollbackTarget } from './domain/admission.ts';
import type { Promotion } from './domain/promotion.ts';
import { refuseReason } from './domain/reason.ts';
import { PromotionFactsStore, type SlotNames } from './promotion-facts-store.ts';
import type { AskedBy } from './promotion-maker.ts';
import { PromotionStore } from './promotion-store.ts';
import { RollbackPreparation, type RollbackWanted } from './rollback-preparation.ts';
import { SlotLookup } from './slot-lookup.ts';
import { requirePrepared, SlotReturn } from './slot-return.ts';

/** What a person asks for; `toRelease` left out: the one verified here most recently, other than the current one. */
export interface RollbackRequest extends AskedBy {
  readonly application: string;
  readonly environment: string;
  readonly toRelease?: number | undefined;
  readonly reason: string;
}

interface Target {
  readonly names: SlotNames;
  readonly wanted: RollbackWanted;
}

@Injectable()
export class RollbackCommands {
  constructor(
    private readonly database: Database,
    private readonly lookup: SlotLookup,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly preparation: RollbackPreparation,
    private readonly back: SlotReturn,
  ) {}

  /**
   * Cancels what runs in the slot and returns it to `toRelease`. Skips the gates: it is how people get out of trouble.
   * It starts before this answers. Refused where the way back would destroy what it cannot give back.
   */
  rollback(request: RollbackRequest): Promise<Promotion | Refusal> {
    return refusable(async () => {
      const refusal = refuseReason('A rollback', request.reason);
      if (refusal) throw new Refused(refusal);
      const found = await this.database.transaction((tx) => this.find(tx, request));
      if ('known' in found) return found.known;
      const { names, wanted } = found;
      const prepared = await this.preparation.prepare(wanted);
      requirePrepared(names, prepared);
      return this.database.transaction(async (tx) => {
        await this.store.lockSlot(tx, names);
        // Whoever sent the same request at the same moment may have been faster.
        const known = await this.back.known(tx, names, request, wanted.toReleaseId);
        if (known) return known;
        const why = `Rolled back: ${request.reason}`;
        return (await this.back.start(tx, names, { ...request, why }, prepared)).rollback;
      });
    });
  }

  private async find(
    tx: Transaction,
    request: RollbackRequest,
  ): Promise<Target | { readonly known: Promotion }> {
    const names = await this.lookup.byNames(tx, request);
    const slot = await this.store.lockSlot(tx, names);
    const named = await this.named(tx, names, request.toRelease);
    const known = await this.back.known(tx, names, request, named);
    if (known) return { known };
    const lastVerified = await this.store.lastVerified(tx, names, slot.currentReleaseId);
    const wantedRanHere = named !== undefined && (await this.store.ranHere(tx, names, named));
    const target = rollbackTarget({ ...request, wanted: named, wantedRanHere, lastVerified, slot });
    if (typeof target !== 'bigint') throw new Refused(target);
    const { environmentId } = names;
    return {
      names,
      wanted: { environmentId, fromReleaseId: slot.currentReleaseId ?? target, toReleaseId: target },
    };
  }

  private async named(tx: Transaction, names: SlotNames, number?: number): Promise<bigint | undefined> {
    if (number === undefined) return undefined;
    const release = await this.facts.releaseByNumber(tx, names.applicationId, number);
    if (!release) throw notFound('Release', `${names.application}#${number}`);
    return release.id;
  }
}
