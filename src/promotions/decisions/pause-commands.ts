// People pause what runs, let it go on, and reject what waits.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { isRefusal, type Refusal } from '../../platform/refusal.ts';
import { refusePause, refuseReject, resumable } from '../domain/refuse-decision.ts';
import type { Promotion } from '../domain/promotion.ts';
import { refuseReason } from '../domain/reason.ts';
import { PromotionTransitions } from '../promotion-transitions.ts';
import { Decisions } from './decisions.ts';

@Injectable()
export class PauseCommands {
  constructor(
    private readonly decisions: Decisions,
    private readonly transitions: PromotionTransitions,
  ) {}

  /** Running ones only: what waits is stopped by holding its slot. A second pause of a person changes nothing. */
  pause(id: bigint, reason: string, { user }: UserPrincipal): Promise<Promotion | Refusal> {
    return this.decisions.on(id, async (tx, promotion) => {
      const refusal = refuseReason('A pause', reason) ?? refusePause(promotion);
      if (refusal) return refusal;
      if (promotion.pauseReasons.some(({ kind }) => kind === 'PERSON')) return promotion;
      return this.transitions.apply(tx, promotion, { kind: 'PAUSE', pause: 'PERSON', reason, by: user });
    });
  }

  /** Takes away the reasons that are a person's to end; the others end with their cause. */
  resume(id: bigint, { user }: UserPrincipal): Promise<Promotion | Refusal> {
    return this.decisions.on(id, async (tx, promotion) => {
      const kinds = resumable(promotion);
      if (isRefusal(kinds)) return kinds;
      let resumed = promotion;
      for (const pause of kinds) {
        resumed = await this.transitions.apply(tx, resumed, { kind: 'RESUME', pause, by: user });
      }
      return resumed;
    });
  }

  /** Pending ones only: nothing of it has happened, and nothing will. */
  reject(id: bigint, reason: string, { user }: UserPrincipal): Promise<Promotion | Refusal> {
    return this.decisions.on(id, (tx, promotion) => {
      const refusal = refuseReason('A rejection', reason) ?? refuseReject(promotion);
      if (refusal) return Promise.resolve(refusal);
      return this.transitions.apply(tx, promotion, {
        kind: 'REJECT',
        reason: `Rejected by ${user}: ${reason}`,
        by: user,
      });
    });
  }
}
