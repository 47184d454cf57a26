// A rule that a user gives for kinds of their own, as it is kept and shipped.
import type { DeclaredRule } from '../form/rule-form.ts';

/**
 * A rule in CEL, as Flux takes it. `self` is the object. Asked in this order: `inProgress`, `failed`, `current`; when
 * none holds the object is PROGRESSING. An expression that meets a field which is not there does not hold.
 */
export interface CelRule {
  readonly group: string;
  readonly kinds: '*' | readonly string[];
  readonly current: string;
  readonly inProgress?: string;
  readonly failed?: string;
}

/** One rule of a user. */
export type UserRule = DeclaredRule | CelRule;

/** The expressions of a CEL rule, in the order in which they are asked. */
export const CEL_EXPRESSIONS = ['inProgress', 'failed', 'current'] as const;

/** Whether a rule is written in CEL. */
export function isCelRule(rule: UserRule): rule is CelRule {
  return 'current' in rule;
}

/** How much a user may give; more is refused when it is saved. */
export const RULE_LIMITS = {
  rules: 200,
  casesPerRule: 50,
  testsPerRule: 200,
  depth: 8,
  expressionLength: 2_000,
  textBytes: 256 * 1024,
} as const;
