// People freeze, and end freezes. What is open in the scope looks at its gates again at once.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { ActivityLog } from '../../activity/activity-log.ts';
import {
  isSelectorProblem,
  parseLabelSelector,
  selectorProblemText,
} from '../../clusters/domain/label-selector.ts';
import { Clock } from '../../platform/clock.ts';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { invalid, notFound } from '../../platform/errors.ts';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { refusable, refuse, Refused, type Refusal } from '../../platform/refusal.ts';
import { refuseReason } from '../domain/reason.ts';
import { slotsNotice } from '../slots-notice.ts';
import { FreezeStore, type Freeze, type FreezeScope } from './freeze-store.ts';

/** What a person asks for. */
export interface FreezeRequest extends FreezeScope {
  readonly reason: string;
  /** Null: from now on. */
  readonly from: Date | null;
  /** Null: until a person ends it. */
  readonly until: Date | null;
}

@Injectable()
export class FreezeCommands {
  constructor(
    private readonly database: Database,
    private readonly freezes: FreezeStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
  ) {}

  /** INVALID names every problem; refused without a reason. */
  create(request: FreezeRequest, { user }: UserPrincipal): Promise<Freeze | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const refusal = refuseReason('A freeze', request.reason);
        if (refusal) throw new Refused(refusal);
        const problems = [
          ...(await this.freezes.unknownNames(tx, request)),
          ...freezeProblems(request, this.clock.now()),
        ];
        if (problems.length > 0) throw invalid('The freeze', problems);
        const freeze = await this.freezes.create(tx, { ...request, createdBy: user });
        const end = freeze.until ? `until ${freeze.until.toISOString()}` : 'until somebody ends it';
        const message = `${scopeOf(freeze)} is frozen from ${freeze.from.toISOString()} ${end}: ${freeze.reason}`;
        await this.tell(tx, freeze, { kind: 'freeze.created', actor: user, message });
        return freeze;
      }),
    );
  }

  /** Refused where it has ended already. Throws NOT_FOUND. */
  end(id: bigint, reason: string, { user }: UserPrincipal): Promise<Freeze | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const refusal = refuseReason('The end of a freeze', reason);
        if (refusal) throw new Refused(refusal);
        const before = await this.freezes.lock(tx, id);
        if (!before) throw notFound('Freeze', encodeId('freeze', id));
        const over =
          before.endedAt ?? (before.until && before.until <= this.clock.now() ? before.until : null);
        if (over) throw new Refused(refuse('ALREADY_ENDED', `The freeze ended at ${over.toISOString()}.`));
        const freeze = await this.freezes.end(tx, id, user, reason);
        const message = `${scopeOf(freeze)} is no longer frozen (${freeze.reason}): ${reason}`;
        await this.tell(tx, freeze, { kind: 'freeze.ended', actor: user, message });
        return freeze;
      }),
    );
  }

  private async tell(
    tx: Transaction,
    freeze: Freeze,
    event: { readonly kind: string; readonly actor: string; readonly message: string },
  ): Promise<void> {
    const { application, environment } = freeze;
    const where = { ...(application ? { application } : {}), ...(environment ? { environment } : {}) };
    await this.activity.record(tx, [{ ...event, ...where, data: { freeze: encodeId('freeze', freeze.id) } }]);
    await this.activity.notify(tx, slotsNotice(await this.freezes.openSlots(tx, freeze)));
  }
}

function freezeProblems({ from, until, selector }: FreezeRequest, now: Date): string[] {
  const parsed = parseLabelSelector(selector ?? '');
  const begin = from ?? now;
  return [
    ...(isSelectorProblem(parsed) ? [selectorProblemText(selector ?? '', parsed)] : []),
    ...(until && until <= now ? ['until lies in the past.'] : []),
    ...(until && until <= begin ? ['until must be after from.'] : []),
  ];
}

/** `shop in prod on clusters with region=eu`. */
function scopeOf({ application, environment, selector }: FreezeScope): string {
  const what = application ?? 'Everything';
  const where = environment === null ? '' : ` in ${environment}`;
  return `${what}${where}${selector ? ` on clusters with ${selector}` : ''}`;
}
