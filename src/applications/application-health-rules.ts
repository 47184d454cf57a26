// Checks an application's own health rules, as they are saved with it.
import { checkHealthRules } from '@fairlead/health/user-rules/check-health-rules';
import { problemText } from '@fairlead/health/user-rules/rule-problem';
import type { Application } from './domain/application.ts';

/** They travel with every assignment of the application, so they are smaller than those of the hub may be. */
const MOST_BYTES = 32 * 1024;

/** The rules as they are kept, and what is wrong with them, each with its place. */
export interface CheckedApplicationRules {
  readonly rules: Application['healthRules'];
  readonly problems: readonly string[];
}

/** Given as a text or as values; null, and no rules at all, are none. */
export async function checkApplicationRules(source: unknown): Promise<CheckedApplicationRules> {
  if (source === null) return { rules: null, problems: [] };
  const { rules, problems } = await checkHealthRules(source);
  if (Buffer.byteLength(JSON.stringify(rules)) > MOST_BYTES) {
    const advice = 'rules for many kinds belong to the hub: saveHealthRules';
    return { rules: null, problems: [`they are more than ${MOST_BYTES} bytes; ${advice}`] };
  }
  return { rules: rules.length === 0 ? null : rules, problems: problems.map(problemText) };
}
