// Where the hub's health rules are kept.
import type { Transaction } from '../platform/database/database.ts';
import type { HubHealthRules } from './domain/hub-health-rules.ts';

export abstract class HealthRulesStore {
  abstract find(): Promise<HubHealthRules>;
  /** Locked against other saves until the transaction ends. */
  abstract lock(tx: Transaction): Promise<HubHealthRules>;
  abstract save(tx: Transaction, rules: HubHealthRules): Promise<void>;
}
