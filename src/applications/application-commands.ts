// Saves and deletes applications; their instances follow, and releases look at the source at once.
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { UserPrincipal } from '../access/domain/caller.ts';
import { ActivityLog } from '../activity/activity-log.ts';
import { FleetLock } from '../clusters/fleet-lock-port.ts';
import { FleetMembership, followOrRefuse, type RemovalConsent } from '../clusters/fleet-membership-port.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { refusable, type Refusal } from '../platform/refusal.ts';
import { ApplicationDrafts } from './application-drafts.ts';
import { checkApplicationRules } from './application-health-rules.ts';
import { ApplicationStore, type ApplicationDraft } from './application-store.ts';
import type { Application, ApplicationRequest } from './domain/application.ts';

@Injectable()
export class ApplicationCommands {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationStore,
    private readonly drafts: ApplicationDrafts,
    private readonly activity: ActivityLog,
    private readonly fleet: FleetMembership,
    private readonly fleetLock: FleetLock,
  ) {}

  /** INVALID names every problem. Another policy may take instances away: REMOVES_INSTANCES. */
  async save(
    request: ApplicationRequest,
    consent: RemovalConsent,
    caller: UserPrincipal,
  ): Promise<Application | Refusal> {
    const rules = await checkApplicationRules(request.healthRules);
    return refusable(() =>
      this.database.transaction(async (tx) => {
        await this.fleetLock.take(tx, 'FLEET');
        const draft = await this.drafts.checked(tx, request, rules);
        const before = await this.applications.lockByName(tx, request.name);
        if (before && isSame(before, draft)) return before;
        const id = await this.applications.save(tx, draft);
        await this.tellSaved(tx, id, request, caller);
        await followOrRefuse(this.fleet, tx, { applicationIds: [id] }, consent);
        return this.stored(tx, request.name);
      }),
    );
  }

  /** Its instances become tombstones: with `prune` their objects go, else they stay in the clusters. */
  delete(name: string, consent: RemovalConsent, caller: UserPrincipal): Promise<true | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        await this.fleetLock.take(tx, 'FLEET');
        const { id } = await this.stored(tx, name);
        await this.fleet.lockClusters(tx, { applicationIds: [id] });
        await this.applications.delete(tx, id);
        const message = `Application "${name}" was deleted; its objects ${consent.prune ? 'are deleted' : 'stay'}.`;
        await this.activity.record(tx, [
          { kind: 'application.deleted', actor: caller.user, message, application: name },
        ]);
        await followOrRefuse(this.fleet, tx, { applicationIds: [id] }, consent);
        return true as const;
      }),
    );
  }

  private async stored(tx: Transaction, name: string): Promise<Application> {
    const application = await this.applications.lockByName(tx, name);
    if (!application) throw notFound('Application', name);
    return application;
  }

  private async tellSaved(
    tx: Transaction,
    id: bigint,
    { name, source, policy }: ApplicationRequest,
    caller: UserPrincipal,
  ): Promise<void> {
    const message = `Application "${name}" was saved: ${source.path} of ${source.repository} at ${source.ref}, policy "${policy}".`;
    await this.activity.record(tx, [
      { kind: 'application.saved', actor: caller.user, message, application: name },
    ]);
    await this.activity.notify(tx, [{ topic: 'application.saved', payload: { applicationId: `${id}` } }]);
  }
}

function isSame(
  before: Application,
  { repositoryId: _id, policyId: _policyId, ...draft }: ApplicationDraft,
): boolean {
  const { name, namespace, serviceAccountName, source, syncPolicy, healthRules, policyName: policy } = before;
  const saved = { name, namespace, serviceAccountName, source, syncPolicy, healthRules, policy };
  return canonicalJson(saved) === canonicalJson(draft);
}
