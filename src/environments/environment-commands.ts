// Saves and deletes environments; the instances follow their clusters.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type NewEvent } from '../activity/activity-log.ts';
import { FleetLock } from '../clusters/fleet-lock-port.ts';
import { FleetMembership, followOrRefuse, type RemovalConsent } from '../clusters/fleet-membership-port.ts';
import {
  isSelectorProblem,
  NOTHING_SELECTOR,
  parseLabelSelector,
  selectorProblemText,
} from '../clusters/domain/label-selector.ts';
import { nameProblem } from '../clusters/domain/resource-name.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { refusable, type Refusal } from '../platform/refusal.ts';
import { EnvironmentStore } from './environment-store.ts';
import type { Environment } from './domain/environment.ts';

/** What a person saves. */
export interface EnvironmentInput {
  readonly name: string;
  readonly selector: string;
}

interface Actor {
  readonly user: string;
}

@Injectable()
export class EnvironmentCommands {
  constructor(
    private readonly database: Database,
    private readonly lock: FleetLock,
    private readonly environments: EnvironmentStore,
    private readonly fleet: FleetMembership,
    private readonly activity: ActivityLog,
  ) {}

  /** Makes it, or changes its selector; saving the same again changes nothing. */
  save(input: EnvironmentInput, consent: RemovalConsent, actor: Actor): Promise<Environment | Refusal> {
    const problems = inputProblems(input);
    if (problems.length > 0) throw invalid('saveEnvironment', problems);
    const { name, selector } = input;
    return this.change(async (tx) => {
      const before = await this.environments.lockByName(tx, name);
      if (before?.selector === selector) return before;
      const saved = await this.environments.save(tx, name, selector);
      const what = before
        ? `now chooses "${selector}" instead of "${before.selector}"`
        : `was made: it chooses "${selector}"`;
      const message = `Environment "${name}" ${what}.`;
      await this.record(tx, { kind: 'environment.saved', actor: actor.user, message, environment: name });
      await followOrRefuse(this.fleet, tx, { environmentIds: [saved.id] }, consent);
      return saved;
    });
  }

  delete(name: string, consent: RemovalConsent, actor: Actor): Promise<true | Refusal> {
    return this.change(async (tx) => {
      const environment = await this.environments.lockByName(tx, name);
      if (!environment) throw notFound('Environment', name);
      await this.fleet.lockClusters(tx, { environmentIds: [environment.id] });
      // Emptied first, so that its instances go by the same way and under the same guard as by any other change.
      await this.environments.save(tx, name, NOTHING_SELECTOR);
      await followOrRefuse(this.fleet, tx, { environmentIds: [environment.id] }, consent);
      await this.environments.delete(tx, environment.id);
      const message = `Environment "${name}" was deleted.`;
      await this.record(tx, { kind: 'environment.deleted', actor: actor.user, message, environment: name });
      return true as const;
    });
  }

  private change<T>(work: (tx: Transaction) => Promise<T>): Promise<T | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        await this.lock.take(tx, 'FLEET');
        return work(tx);
      }),
    );
  }

  private record(tx: Transaction, event: NewEvent): Promise<void> {
    return this.activity.record(tx, [event]);
  }
}

function inputProblems({ name, selector }: EnvironmentInput): string[] {
  const parsed = parseLabelSelector(selector);
  return [
    nameProblem('environment', name),
    isSelectorProblem(parsed) ? selectorProblemText(selector, parsed) : undefined,
    selector.length > 1_000 ? 'selector has more than 1000 characters.' : undefined,
  ].filter((problem) => problem !== undefined);
}
