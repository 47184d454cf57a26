// The interpreter of the declarative form: from a rule as data to the function that judges.
import type { Health } from '@fairlead/protocol/health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { statusOf } from '../conditions.ts';
import type { HealthVerdict } from '../health-verdict.ts';
import { because, fields, text, wholeNumber } from '../read-fields.ts';
import {
  type Question,
  type Scope,
  compileTest,
  conditionSteps,
  currentCondition,
  wordsOfCondition,
  wordsOfField,
} from './compile-test.ts';
import { type Steps, stepsOf, valueAt } from './field-path.ts';
import type { MatchedWords } from './matched-words.ts';
import type { CaseWords, DeclaredRule, Meanings, RuleCase, Scalar } from './rule-form.ts';

/** A rule that is ready to judge. It never throws, and reads no more of an object than its cases name. */
export interface CompiledRule {
  readonly judge: (object: KubernetesObject) => HealthVerdict;
  /** The cases that hold even while the object is being deleted, or its status is old. */
  readonly deleting: CaseJudge | undefined;
  readonly unseen: CaseJudge | undefined;
}

type CaseJudge = (object: KubernetesObject) => HealthVerdict | undefined;

type Answer = (scope: Scope) => HealthVerdict | undefined;

/** Compiles a rule. Throws where a path cannot be read. */
export function compileRule(rule: Pick<DeclaredRule, 'cases' | 'otherwise'>): CompiledRule {
  const answers = rule.cases.map(compileCase);
  const otherwise = verdictWithoutCase(rule.otherwise ?? 'PROGRESSING');
  const first = firstOf(answers);
  return {
    judge: (object) => first(object) ?? otherwise,
    deleting: firstWhile(rule.cases, answers, 'deleting'),
    unseen: firstWhile(rule.cases, answers, 'unseen'),
  };
}

function firstOf(answers: readonly Answer[]): CaseJudge {
  return (object) => {
    const generation = wholeNumber(fields(object.metadata)['generation']);
    const scope: Scope = { of: object, generation };
    for (const answer of answers) {
      const verdict = answer(scope);
      if (verdict) return verdict;
    }
    return undefined;
  };
}

function firstWhile(
  cases: readonly RuleCase[],
  answers: readonly Answer[],
  state: CaseWords['evenWhile'],
): CaseJudge | undefined {
  const chosen = answers.filter((_, index) => cases[index]?.evenWhile === state);
  return chosen.length > 0 ? firstOf(chosen) : undefined;
}

function compileCase(one: RuleCase): Answer {
  const say = speaker(one);
  if ('when' in one) return whenAnswer(compileTest(one.when), one.health, say);
  if ('condition' in one) return conditionAnswer(one, say);
  return fieldAnswer(one, say);
}

function whenAnswer(asked: Question, health: Health, say: Say): Answer {
  return (scope) => {
    const matched = asked(scope);
    return matched && say(health, matched, scope);
  };
}

function conditionAnswer(one: Extract<RuleCase, { condition: string }>, say: Say): Answer {
  const steps = conditionSteps(one.in, false);
  return (scope) => {
    const found = currentCondition(valueAt(scope.of, steps), one.condition, scope.generation);
    if (!found) return undefined;
    const health =
      named(one.reasons, String(found['reason'])) ?? named(one.means, statusOf(found)) ?? one.means['*'];
    return health && say(health, wordsOfCondition(found), scope);
  };
}

function fieldAnswer(one: Extract<RuleCase, { field: string; means: Meanings }>, say: Say): Answer {
  const steps = stepsOf(one.field);
  const name = steps.at(-1) ?? one.field;
  return (scope) => {
    const value = valueAt(scope.of, steps);
    if (!isScalar(value)) return undefined;
    const health = named(one.means, String(value)) ?? (value === '' ? undefined : one.means['*']);
    return health && say(health, wordsOfField(name, value), scope);
  };
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function named(meanings: Meanings | undefined, value: string): Health | undefined {
  return meanings && Object.hasOwn(meanings, value) ? meanings[value] : undefined;
}

type Say = (health: Health, matched: MatchedWords, scope: Scope) => HealthVerdict;

function speaker({ reason, message, detail }: CaseWords): Say {
  const steps: Steps | undefined = detail === undefined ? undefined : stepsOf(detail);
  return (health, matched, { of }) => {
    const more = (steps && text(valueAt(of, steps))) ?? matched.detail;
    return {
      health,
      reason: reason ?? matched.reason ?? reasonFor[health],
      message: `${message ?? matched.words ?? wordsFor[health]}${because(more)}`,
    };
  };
}

function verdictWithoutCase(health: Health): HealthVerdict {
  return {
    health,
    reason: health === 'PROGRESSING' ? 'NotReported' : reasonFor[health],
    message: wordsFor[health],
  };
}

const reasonFor: Readonly<Record<Health, string>> = {
  HEALTHY: 'Healthy',
  PROGRESSING: 'Progressing',
  DEGRADED: 'Degraded',
  SUSPENDED: 'Suspended',
  MISSING: 'Missing',
  UNKNOWN: 'UnknownStatus',
};

const wordsFor: Readonly<Record<Health, string>> = {
  HEALTHY: 'is as it should be',
  PROGRESSING: 'its controller has not yet reported that it is ready',
  DEGRADED: 'is not as it should be',
  SUSPENDED: 'is suspended',
  MISSING: 'is missing where its controller manages it',
  UNKNOWN: 'its status says nothing that this rule knows',
};
