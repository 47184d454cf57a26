// Saves policies: each change is a new revision, which running promotions do not see.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../access/domain/caller.ts';
import { ActivityLog } from '../activity/activity-log.ts';
import { FleetLock } from '../clusters/fleet-lock-port.ts';
import { FleetMembership, followOrRefuse, type RemovalConsent } from '../clusters/fleet-membership-port.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { refusable, type Refusal } from '../platform/refusal.ts';
import { sameSteps, type Policy } from './domain/policy.ts';
import { PolicyDrafts, type PolicyRequest } from './policy-drafts.ts';
import { PolicyStore } from './policy-store.ts';

@Injectable()
export class PolicyCommands {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyStore,
    private readonly drafts: PolicyDrafts,
    private readonly activity: ActivityLog,
    private readonly fleet: FleetMembership,
    private readonly fleetLock: FleetLock,
  ) {}

  /** INVALID names every problem. A save that changes nothing makes no revision. A step that goes takes its instances: REMOVES_INSTANCES. */
  save(request: PolicyRequest, consent: RemovalConsent, caller: UserPrincipal): Promise<Policy | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        await this.fleetLock.take(tx, 'FLEET');
        await this.drafts.check(tx, request);
        const before = await this.policies.lockOrCreate(tx, request.name);
        if (before.revision > 0 && sameSteps(before.steps, request.steps)) return before;
        const saved = { ...before, revision: before.revision + 1, steps: request.steps };
        await this.policies.addRevision(tx, {
          policyId: saved.id,
          revision: saved.revision,
          steps: saved.steps,
          createdBy: caller.user,
        });
        await this.tell(tx, saved, caller);
        await followOrRefuse(this.fleet, tx, { policyIds: [saved.id] }, consent);
        return saved;
      }),
    );
  }

  private async tell(tx: Transaction, saved: Policy, caller: UserPrincipal): Promise<void> {
    const path = saved.steps.map((step) => step.environment).join(', ');
    await this.activity.record(tx, [
      {
        kind: 'policy.saved',
        actor: caller.user,
        message: `Policy "${saved.name}" was saved as revision ${saved.revision}: ${path}.`,
        data: { policy: saved.name, revision: saved.revision },
      },
    ]);
    await this.activity.notify(tx, [{ topic: 'policy.saved', payload: { policyId: `${saved.id}` } }]);
  }
}
