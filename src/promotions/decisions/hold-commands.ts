// People hold slots, and end holds: also those that a failure set.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { ActivityLog } from '../../activity/activity-log.ts';
import { Clock } from '../../platform/clock.ts';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { refusable, refuse, Refused, type Refusal } from '../../platform/refusal.ts';
import { refuseReason } from '../domain/reason.ts';
import type { SlotNames } from '../promotion-facts-store.ts';
import { PromotionStore, type Slot } from '../promotion-store.ts';
import { SlotLookup } from '../slot-lookup.ts';
import { slotsNotice } from '../slots-notice.ts';
import { HoldStore } from './hold-store.ts';

/** A slot by its names. */
export interface SlotRequest {
  readonly application: string;
  readonly environment: string;
}

@Injectable()
export class HoldCommands {
  constructor(
    private readonly database: Database,
    private readonly lookup: SlotLookup,
    private readonly store: PromotionStore,
    private readonly holds: HoldStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
  ) {}

  /** Nothing but rollbacks and hotfixes starts here any more, and no further wave; takes the place of an earlier hold. */
  hold(
    request: SlotRequest & { readonly reason: string; readonly until: Date | null },
    { user }: UserPrincipal,
  ): Promise<Slot | Refusal> {
    const { reason, until } = request;
    return this.change(request, async (tx, names) => {
      const refusal = refuseReason('A hold', reason);
      if (refusal) throw new Refused(refusal);
      if (until && until <= this.clock.now()) {
        throw new Refused(
          refuse('UNTIL_IN_THE_PAST', `The hold would have ended at ${until.toISOString()} already.`),
        );
      }
      await this.holds.hold(tx, names, { reason, createdBy: user, until });
      const end = until ? ` until ${until.toISOString()}` : '';
      return {
        kind: 'slot.held',
        actor: user,
        message: `${names.application} is held in ${names.environment}${end}: ${reason}`,
      };
    });
  }

  /** Refused where nothing is held. */
  end(
    request: SlotRequest & { readonly reason: string | undefined },
    { user }: UserPrincipal,
  ): Promise<Slot | Refusal> {
    return this.change(request, async (tx, names) => {
      const { application, environment } = names;
      const held = await this.holds.release(tx, names);
      if (!held) throw new Refused(refuse('NOT_HELD', `${application} is not held in ${environment}.`));
      const why = request.reason?.trim() ? `: ${request.reason}` : '.';
      const message = `${application} is no longer held in ${environment} (${held.reason})${why}`;
      return { kind: 'slot.released', actor: user, message };
    });
  }

  private change(
    request: SlotRequest,
    decide: (
      tx: Transaction,
      names: SlotNames,
    ) => Promise<{ readonly kind: string; readonly actor: string; readonly message: string }>,
  ): Promise<Slot | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const names = await this.lookup.byNames(tx, request);
        const slot = await this.store.lockSlot(tx, names);
        const event = await decide(tx, names);
        const { application, environment } = names;
        await this.activity.record(tx, [{ ...event, application, environment }]);
        await this.activity.notify(tx, slotsNotice([slot]));
        return slot;
      }),
    );
  }
}
