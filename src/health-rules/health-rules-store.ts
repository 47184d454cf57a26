// Where the hub's health rules are kept.
import type { SqlTransaction } from '../platform/database/database.ts';
import type { HubHealthRules } from './domain/hub-health-rules.ts';

export abstract class HealthRulesStore {
  abstract find(): Promise<HubHealthRules>;
  /** Locked against other saves until the transaction ends. */
  abstract lock(tx: SqlTransaction): Promise<HubHealthRules>;
  abstract save(tx: SqlTransaction, rules: HubHealthRules): Promise<void>;
}
