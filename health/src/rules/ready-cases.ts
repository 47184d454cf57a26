// The few ways in which most controllers report, so that their rules are a line each.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

/** Ready=False is a fault, as most controllers mean it. */
export const readyOrFailed: readonly RuleCase[] = [
  { condition: 'Ready', means: { True: 'HEALTHY', False: 'DEGRADED', Unknown: 'PROGRESSING' } },
];

/** The same of a condition with another name. */
export function trueOrFailed(condition: string): readonly RuleCase[] {
  return [{ condition, means: { True: 'HEALTHY', False: 'DEGRADED', Unknown: 'PROGRESSING' } }];
}

/** Each of the conditions is a fault where it is True. */
export function faults(...conditions: string[]): readonly RuleCase[] {
  return conditions.map((condition) => ({ condition, means: { True: 'DEGRADED' } }));
}

/** A rule for the kinds of a group in which Ready tells all. */
export function readyRule(group: string, ...kinds: string[]): DeclaredRule {
  return { group, kinds, cases: readyOrFailed };
}
