// Saves the health rules of the hub; agents hear of it after commit.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { checkHealthRules } from '@fairlead/health/user-rules/check-health-rules';
import { problemText } from '@fairlead/health/user-rules/rule-problem';
import type { UserRule } from '@fairlead/health/user-rules/user-rule';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { UserPrincipal } from '../access/domain/caller.ts';
import { ActivityLog } from '../activity/activity-log.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { refuse, type Refusal } from '../platform/refusal.ts';
import type { HubHealthRules } from './domain/hub-health-rules.ts';
import { HealthRulesStore } from './health-rules-store.ts';

@Injectable()
export class HealthRulesCommands {
  constructor(
    private readonly database: Database,
    private readonly store: HealthRulesStore,
    private readonly activity: ActivityLog,
  ) {}

  /**
   * Replaces all rules, given as text (YAML, JSON) or as values. INVALID_HEALTH_RULES names every mistake with its
   * place. The same rules again write nothing.
   */
  async save(source: unknown, caller: UserPrincipal): Promise<HubHealthRules | Refusal> {
    const { rules, problems } = await checkHealthRules(source);
    if (problems.length > 0) {
      const message = `The health rules were not saved: ${countOf(problems.length, 'mistake')}.`;
      return refuse('INVALID_HEALTH_RULES', message, problems.map(problemText));
    }
    const wanted = { rules, digest: digestOf(rules) };
    return this.database.transaction(async (tx) => {
      const before = await this.store.lock(tx);
      if (before.digest === wanted.digest) return before;
      await this.store.save(tx, wanted);
      await this.tell(tx, wanted, caller);
      return wanted;
    });
  }

  private async tell(
    tx: Transaction,
    { rules, digest }: HubHealthRules,
    caller: UserPrincipal,
  ): Promise<void> {
    const message =
      rules.length === 0
        ? 'The health rules of the hub were taken back.'
        : `The health rules of the hub were saved: ${countOf(rules.length, 'rule')}.`;
    await this.activity.record(tx, [
      {
        kind: 'health-rules.saved',
        actor: caller.user,
        message,
        data: { rules: rules.map(kindsOf), digest },
      },
    ]);
    await this.activity.notify(tx, [{ topic: 'health-rules.saved', payload: {} }]);
  }
}

function digestOf(rules: readonly UserRule[]): string | null {
  return rules.length === 0 ? null : createHash('sha256').update(canonicalJson(rules)).digest('hex');
}

/** `shop.example: Order, Parcel`. */
function kindsOf({ group, kinds }: UserRule): string {
  return `${group || 'core'}: ${kinds === '*' ? 'all kinds' : kinds.join(', ')}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
