// Checks the declarative form field by field, so that a slip is refused when it is saved and not found in an outage.
import { healthiestToWorst } from '@fairlead/protocol/health';
import { stepsOf } from '../form/field-path.ts';
import { type Fields, fields } from '../read-fields.ts';
import type { Report, ValuePath } from './rule-problem.ts';
import { RULE_LIMITS } from './user-rule.ts';

type Check = (value: unknown, at: ValuePath, report: Report) => void;

/** Checks the cases and `otherwise` of one declared rule. */
export function checkDeclaredRule(rule: Fields, at: ValuePath, report: Report): void {
  checkFields(rule, at, { ...target, cases: isCases, otherwise: optional(isHealth) }, report);
  if (countTests(rule['cases']) > RULE_LIMITS.testsPerRule) {
    report([...at, 'cases'], `has more than ${RULE_LIMITS.testsPerRule} tests`);
  }
}

const isText: Check = (value, at, report) => {
  if (typeof value !== 'string' || value === '') report(at, 'must be a text');
};

const isBoolean: Check = (value, at, report) => {
  if (typeof value !== 'boolean') report(at, 'must be true or false');
};

const isPath: Check = (value, at, report) => {
  if (typeof value !== 'string') return report(at, 'must be a path such as status.phase');
  try {
    stepsOf(value);
  } catch (error) {
    report(at, error instanceof Error ? error.message : 'cannot be read');
  }
};

const isHealth: Check = (value, at, report) => {
  if (!healthiestToWorst.some((health) => health === value)) {
    report(at, `must be one of ${healthiestToWorst.join(', ')}`);
  }
};

const isReasonWord: Check = (value, at, report) => {
  if (typeof value !== 'string' || !/^[A-Z][A-Za-z0-9]{0,60}$/.test(value))
    report(at, 'must be one CamelCase word');
};

const isState: Check = (value, at, report) => {
  if (value !== 'deleting' && value !== 'unseen') report(at, 'must be deleting or unseen');
};

const isTexts: Check = (value, at, report) => {
  const all = Array.isArray(value) ? value : [value];
  if (all.length === 0 || !all.every((one) => typeof one === 'string'))
    report(at, "must be a text or a list of texts; the status of a condition stands in quotes, 'True'");
};

const isScalars: Check = (value, at, report) => {
  const all = Array.isArray(value) ? value : [value];
  const isScalar = (one: unknown) => ['string', 'number', 'boolean'].includes(typeof one);
  if (all.length === 0 || !all.every(isScalar))
    report(at, 'must be a text, a number, true or false, or a list of them');
};

const isBound: Check = (value, at, report) => {
  if (typeof value !== 'number') isPath(value, at, report);
};

const isMeanings: Check = (value, at, report) => {
  const meanings = Object.entries(fields(value));
  if (meanings.length === 0) report(at, 'must say what each value means, such as { Running: HEALTHY }');
  for (const [key, health] of meanings) isHealth(health, [...at, key], report);
};

const isKinds: Check = (value, at, report) => {
  if (value === '*') return;
  if (!Array.isArray(value) || value.length === 0) return report(at, 'must be a list of kinds, or "*"');
  value.forEach((kind, index) => isText(kind, [...at, index], report));
};

const isGroup: Check = (value, at, report) => {
  if (typeof value !== 'string' || !/^(\*\.)?[a-z0-9.-]*$/.test(value)) {
    report(at, 'must be an API group such as shop.example, or *.shop.example for all below it');
  }
};

function optional(check: Check): Check {
  return (value, at, report) => {
    if (value !== undefined) check(value, at, report);
  };
}

/** Which kinds a rule is for. */
export const target = { group: isGroup, kinds: isKinds } as const;

/** Refuses fields that are not named, and checks those that are. */
export function checkFields(
  value: unknown,
  at: ValuePath,
  checks: Readonly<Record<string, Check>>,
  report: Report,
): void {
  const given = fields(value);
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(checks, key)) {
      report([...at, key], `is not known here; there are ${Object.keys(checks).join(', ')}`);
    }
  }
  for (const [key, check] of Object.entries(checks)) check(given[key], [...at, key], report);
}

const words = {
  reason: optional(isReasonWord),
  message: optional(isText),
  detail: optional(isPath),
  evenWhile: optional(isState),
};

const isCases: Check = (value, at, report) => {
  if (!Array.isArray(value) || value.length === 0) return report(at, 'must be a list of cases');
  if (value.length > RULE_LIMITS.casesPerRule) report(at, `has more than ${RULE_LIMITS.casesPerRule} cases`);
  value.forEach((one: unknown, index) => checkCase(one, [...at, index], report));
};

function checkCase(one: unknown, at: ValuePath, report: Report): void {
  const given = fields(one);
  if ('when' in given) return checkFields(one, at, { when: isTest, health: isHealth, ...words }, report);
  if ('condition' in given) {
    const own = { condition: isText, in: optional(isPath), means: isMeanings, reasons: optional(isMeanings) };
    return checkFields(one, at, { ...own, ...words }, report);
  }
  if ('field' in given) return checkFields(one, at, { field: isPath, means: isMeanings, ...words }, report);
  report(at, 'must have when and health, or condition and means, or field and means');
}

const isTest: Check = (value, at, report) => checkTest(value, at, report);

/** Which fields each test has, told by its first. */
const tests: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  condition: { condition: isText, is: optional(isTexts), reason: optional(isTexts), in: optional(isPath) },
  field: {
    field: isPath,
    is: optional(isScalars),
    startsWith: optional(isTexts),
    exists: optional(isBoolean),
    atLeast: optional(isBound),
    sameAs: optional(isPath),
  },
  some: { some: isPath, that: isTest },
  every: { every: isPath, that: isTest },
  all: { all: isTests },
  any: { any: isTests },
  not: { not: isTest },
};

function checkTest(value: unknown, at: ValuePath, report: Report): void {
  if (at.length > 3 * RULE_LIMITS.depth) return report(at, `is nested more than ${RULE_LIMITS.depth} deep`);
  const name = Object.keys(tests).find((key) => Object.hasOwn(fields(value), key));
  const checks = name === undefined ? undefined : tests[name];
  if (!checks) return report(at, `must be a test: one of ${Object.keys(tests).join(', ')}`);
  checkFields(value, at, checks, report);
  if (name === 'field' && Object.keys(fields(value)).length < 2) {
    report(at, 'must say what of the field: is, startsWith, exists, atLeast or sameAs');
  }
}

function isTests(value: unknown, at: ValuePath, report: Report): void {
  if (!Array.isArray(value) || value.length === 0) return report(at, 'must be a list of tests');
  value.forEach((one: unknown, index) => checkTest(one, [...at, index], report));
}

function countTests(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((sum, one) => sum + countTests(one), 0);
}
