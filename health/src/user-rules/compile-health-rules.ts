// From a user's rules as they are shipped to what computeHealth takes.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { compileRule } from '../form/compile-rule.ts';
import { condition } from '../conditions.ts';
import { type HealthVerdict, degraded, healthy, progressing, unknown } from '../health-verdict.ts';
import { because, fields, quoted } from '../read-fields.ts';
import { type IndexEntry, type KindRule, type RuleIndex, entriesOf, indexRules } from '../rule-index.ts';
import { type CelCompiler, type CelQuestion, loadCelCompiler } from './cel-expression.ts';
import { CEL_EXPRESSIONS, type CelRule, type UserRule, isCelRule } from './user-rule.ts';

/**
 * The rules, ready to judge; of two for one kind the later wins. For rules that were checked. One that cannot be
 * compiled all the same (an agent older than the hub that checked it) judges its kinds UNKNOWN and says why; what names
 * no kinds is passed over.
 */
export async function compileHealthRules(given: readonly object[]): Promise<RuleIndex> {
  const rules = given.filter(namesKinds);
  const compiler = rules.some(isCelRule) ? await loadCelCompiler() : undefined;
  return indexRules(rules.flatMap((rule) => entriesOfUserRule(rule, compiler)));
}

/** Stands in for rules that are being compiled: every kind that they are for is UNKNOWN. */
export function pendingHealthRules(given: readonly object[]): RuleIndex {
  const verdict = unknown('RuleNotReady', 'the health rule of its kind is being read');
  const made: KindRule = { judge: () => verdict, asksConventions: false };
  return indexRules(given.filter(namesKinds).flatMap((rule) => entriesFor(rule, made)));
}

function namesKinds(rule: object): rule is UserRule {
  const { group, kinds } = fields(rule);
  return typeof group === 'string' && (kinds === '*' || (Array.isArray(kinds) && kinds.every(isText)));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function entriesOfUserRule(rule: UserRule, compiler: CelCompiler | undefined): IndexEntry[] {
  try {
    if (!isCelRule(rule)) {
      compileRule(rule);
      return entriesOf(rule);
    }
    if (!compiler) return [];
    const judge = celJudge(rule, compiler);
    return entriesFor(rule, { judge, asksConventions: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is no rule';
    const verdict = unknown('RuleUnreadable', `the health rule of its kind cannot be used: ${quoted(why)}`);
    return entriesFor(rule, { judge: () => verdict, asksConventions: false });
  }
}

function entriesFor(rule: UserRule, made: KindRule): IndexEntry[] {
  const kinds = rule.kinds === '*' ? ['*'] : rule.kinds;
  return kinds.map((kind) => [`${rule.group}/${kind}`, () => made] as const);
}

type Verdicts = Readonly<
  Record<(typeof CEL_EXPRESSIONS)[number], (object: KubernetesObject) => HealthVerdict>
>;

const verdicts: Verdicts = {
  inProgress: (object) => progressing(...wordsOf(object, 'InProgress', 'is in progress')),
  failed: (object) => degraded(...wordsOf(object, 'Failed', 'has failed')),
  current: (object) => healthy(...wordsOf(object, 'Current', 'is as it should be')),
};

function celJudge(rule: CelRule, compile: CelCompiler): (object: KubernetesObject) => HealthVerdict {
  const questions = CEL_EXPRESSIONS.flatMap((name): (readonly [keyof Verdicts, CelQuestion])[] => {
    const expression = rule[name];
    return expression === undefined ? [] : [[name, compile(expression)]];
  });
  return (object) => {
    for (const [name, ask] of questions) {
      const answer = ask(object);
      if ('cannotTell' in answer) {
        return unknown(
          'RuleFailed',
          `the expression "${name}" of its health rule ${quoted(answer.cannotTell)}`,
        );
      }
      if (answer.holds) return verdicts[name](object);
    }
    return progressing(
      'NotReported',
      'its health rule says neither that it is current nor that it has failed',
    );
  };
}

/** An expression only says yes or no; the words are those of the condition that most controllers have. */
function wordsOf(object: KubernetesObject, reason: string, words: string): [reason: string, message: string] {
  const said = condition(object, 'Ready') ?? condition(object, 'Available');
  return [said?.reason ?? reason, `${words}${because(said?.message)}`];
}
