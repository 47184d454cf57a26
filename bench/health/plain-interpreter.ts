// The declared rules read anew at each evaluation, as one would write it first: the measure of what compiling gains.
import type { Health } from '@fairlead/protocol/health';
import { groupOf } from '@fairlead/protocol/resource-id';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { isSomething, stepsOf, valueAt } from '@fairlead/health/form/field-path';
import type {
  ConditionTest,
  DeclaredRule,
  FieldTest,
  RuleCase,
  RuleTest,
} from '@fairlead/health/form/rule-form';
import { fields, fieldsList } from '@fairlead/health/read-fields';
import { declaredRules } from '@fairlead/health/rules/declared-rules';

/** The rule of exactly this kind, or undefined. */
export function ruleByKind({ apiVersion, kind }: KubernetesObject): DeclaredRule | undefined {
  const group = groupOf(apiVersion);
  return declaredRules.find(
    (rule) => rule.group === group && rule.kinds !== '*' && rule.kinds.includes(kind),
  );
}

/** The health alone, without words. */
export function plainHealth(object: KubernetesObject): Health | undefined {
  const rule = ruleByKind(object);
  if (!rule) return undefined;
  for (const one of rule.cases) {
    const health = healthOf(one, object);
    if (health) return health;
  }
  return rule.otherwise ?? 'PROGRESSING';
}

function healthOf(one: RuleCase, object: unknown): Health | undefined {
  if ('when' in one) return holds(one.when, object, true) ? one.health : undefined;
  return 'field' in one ? healthOfField(one, object) : healthOfCondition(one, object);
}

function healthOfField(one: Extract<RuleCase, { field: string }>, object: unknown): Health | undefined {
  const value = valueAt(object, stepsOf(one.field));
  return isSomething(value) ? (one.means[String(value)] ?? one.means['*']) : undefined;
}

function healthOfCondition(
  one: Extract<RuleCase, { condition: string }>,
  object: unknown,
): Health | undefined {
  const found = conditionIn(object, one.in ?? 'status.conditions', one.condition);
  if (!found) return undefined;
  return one.reasons?.[String(found['reason'])] ?? one.means[statusOf(found['status'])] ?? one.means['*'];
}

function holds(test: RuleTest, of: unknown, isRoot: boolean): boolean {
  if ('all' in test) return test.all.every((one) => holds(one, of, isRoot));
  if ('any' in test) return test.any.some((one) => holds(one, of, isRoot));
  if ('not' in test) return !holds(test.not, of, isRoot);
  if ('some' in test) return entries(of, test.some).some((one) => holds(test.that, one, false));
  if ('every' in test) {
    const all = entries(of, test.every);
    return all.length > 0 && all.every((one) => holds(test.that, one, false));
  }
  return 'condition' in test ? conditionHolds(test, of, isRoot) : fieldHolds(test, of);
}

function conditionHolds(test: ConditionTest, of: unknown, isRoot: boolean): boolean {
  const found = conditionIn(of, test.in ?? (isRoot ? 'status.conditions' : 'conditions'), test.condition);
  return (
    found !== undefined && oneOf(test.is, statusOf(found['status'])) && oneOf(test.reason, found['reason'])
  );
}

function fieldHolds(test: FieldTest, of: unknown): boolean {
  const value = valueAt(of, stepsOf(test.field));
  const { is, startsWith, exists, atLeast, sameAs } = test;
  const least = typeof atLeast === 'string' ? valueAt(of, stepsOf(atLeast)) : atLeast;
  return [
    oneOf(is, value),
    startsWith === undefined || [startsWith].flat().some((start) => String(value).startsWith(start)),
    exists === undefined || isSomething(value) === exists,
    atLeast === undefined || (typeof value === 'number' && typeof least === 'number' && value >= least),
    sameAs === undefined || value === valueAt(of, stepsOf(sameAs)),
  ].every(Boolean);
}

function entries(of: unknown, path: string): readonly unknown[] {
  const value = valueAt(of, stepsOf(path));
  return Array.isArray(value) ? value : Object.values(fields(value));
}

function conditionIn(of: unknown, path: string, type: string) {
  return fieldsList(valueAt(of, stepsOf(path))).find((one) => one['type'] === type);
}

function statusOf(status: unknown): string {
  if (typeof status === 'boolean') return status ? 'True' : 'False';
  return String(status);
}

function oneOf(allowed: unknown, value: unknown): boolean {
  if (allowed === undefined) return true;
  return Array.isArray(allowed) ? allowed.includes(value) : allowed === value;
}
