// People approve promotions, and pass over single gates.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { UserQueries } from '../../access/user-queries.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { isRefusal, refuse, type Refusal } from '../../platform/refusal.ts';
import { chooseApproval } from '../domain/choose-approval.ts';
import type { Approver } from '../domain/evaluate-approval.ts';
import { refuseOverride } from '../domain/overridable-gates.ts';
import type { Promotion } from '../domain/promotion.ts';
import { refuseReason } from '../domain/reason.ts';
import { GateReader } from '../gate-reader.ts';
import { DecisionStore } from './decision-store.ts';
import { Decisions } from './decisions.ts';

@Injectable()
export class ApprovalCommands {
  constructor(
    private readonly decisions: Decisions,
    private readonly store: DecisionStore,
    private readonly gates: GateReader,
    private readonly users: UserQueries,
  ) {}

  /** Approving twice counts once. `gate` may be left out where one waits that the caller may approve. */
  approve(
    id: bigint,
    { gate, comment }: { readonly gate: string | undefined; readonly comment: string | undefined },
    caller: UserPrincipal,
  ): Promise<Promotion | Refusal> {
    return this.decisions.on(id, async (tx, promotion) => {
      const [facts] = await this.gates.factsOf(tx, [promotion]);
      if (!facts) return refuse('NOT_FOUND', 'The promotion is gone.');
      const by = await this.approver(tx, caller);
      const chosen = chooseApproval({ ...facts, state: promotion.state }, { gate, by }, facts.readAt);
      if (isRefusal(chosen)) return chosen;
      if (chosen.already) return promotion;
      await this.store.approve(tx, promotion, {
        gate: chosen.gate,
        approver: caller.user,
        comment: comment ?? null,
      });
      const words = comment?.trim() ? `: ${comment}` : '.';
      await this.decisions.tell(tx, promotion, {
        kind: 'promotion.approved',
        actor: caller.user,
        message: ({ application, environment, release }) =>
          `${caller.user} approved release ${release} of ${application} for ${environment} (${chosen.gate})${words}`,
        data: { gate: chosen.gate },
      });
      return promotion;
    });
  }

  /** For good, for this promotion alone; consents need an ADMIN. Overriding twice changes nothing. */
  override(
    id: bigint,
    { gate, reason }: { readonly gate: string; readonly reason: string },
    caller: UserPrincipal,
  ): Promise<Promotion | Refusal> {
    return this.decisions.on(id, async (tx, promotion) => {
      const refusal = refuseReason('An override', reason) ?? refuseOverride(promotion, gate, caller.role);
      if (refusal) return refusal;
      if (!(await this.store.override(tx, promotion, { gate, by: caller.user, reason }))) return promotion;
      await this.decisions.tell(tx, promotion, {
        kind: 'gate.overridden',
        actor: caller.user,
        message: ({ application, environment, release }) =>
          `${caller.user} overrode gate ${gate} of release ${release} of ${application} for ${environment}: ${reason}`,
        data: { gate },
      });
      return promotion;
    });
  }

  /** The role of the token in hand, the addresses of all of the user's tokens. */
  private async approver(tx: Transaction, { user, role, emails }: UserPrincipal): Promise<Approver> {
    const standing = (await this.users.standings(tx, [user])).get(user);
    return { approver: user, roles: [role], emails: [...emails, ...(standing?.emails ?? [])] };
  }
}
