// Reads and checks a user's rules: YAML or JSON text, or JSON that is already read. All mistakes are told at once.
import { LineCounter, isNode, parseDocument } from 'yaml';
import { type Fields, fields, text } from '../read-fields.ts';
import { CelMistake, loadCelCompiler } from './cel-expression.ts';
import { checkDeclaredRule, checkFields, target } from './check-rule-form.ts';
import { type Report, type RuleProblem, type ValuePath, pathText } from './rule-problem.ts';
import { CEL_EXPRESSIONS, RULE_LIMITS, type UserRule } from './user-rule.ts';

/** The rules in the form in which they are kept and shipped; none where there is a problem. */
export interface CheckedHealthRules {
  readonly rules: readonly UserRule[];
  readonly problems: readonly RuleProblem[];
}

/** Levels of lists and objects; the deepest rule that is allowed has far fewer. */
const MOST_LEVELS = 100;
const TOO_DEEP = `is nested more than ${MOST_LEVELS} deep`;

/**
 * Checks rules: a list, or an object with `rules`. A rule names `group` and `kinds`, or as Flux `apiVersion` and
 * `kind`, and has either `cases` or the expression `current`. Never throws.
 */
export async function checkHealthRules(source: unknown): Promise<CheckedHealthRules> {
  if (isTooDeep(source)) return refused(TOO_DEEP);
  const size = Buffer.byteLength(typeof source === 'string' ? source : (JSON.stringify(source) ?? ''));
  if (size > RULE_LIMITS.textBytes) {
    return refused(`is more than ${RULE_LIMITS.textBytes} bytes`);
  }
  if (typeof source !== 'string') return checkValue(source, () => ({}));
  const lines = new LineCounter();
  // Without stringKeys the key `True`, which most conditions have, would be read as a boolean.
  const document = parseDocument(source, { lineCounter: lines, stringKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return refused(TOO_DEEP);
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const [message = error.message] = error.message.split('\n');
      return { path: '', message, ...place(error.pos[0]) };
    });
    return { rules: [], problems };
  }
  const value = valueOf(document);
  if (isTooDeep(value)) return refused(TOO_DEEP);
  return checkValue(value, (at) => {
    // A field that is missing is told at the nearest thing that is there.
    for (let length = at.length; length >= 0; length -= 1) {
      const node: unknown = document.getIn(at.slice(0, length), true);
      if (isNode(node) && node.range) return place(node.range[0]);
    }
    return {};
  });
}

const refused = (message: string): CheckedHealthRules => ({ rules: [], problems: [{ path: '', message }] });

/** Level by level: what comes from outside may be deeper than a stack. */
function isTooDeep(source: unknown): boolean {
  let level: readonly unknown[] = [source];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

type Locate = (at: ValuePath) => { line?: number; column?: number };

function valueOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    // Aliases, which could blow a small text up, are the only thing that a document without errors can fail on.
    return 'aliases';
  }
}

async function checkValue(source: unknown, locate: Locate): Promise<CheckedHealthRules> {
  const problems: RuleProblem[] = [];
  const prefix: ValuePath = Array.isArray(source) ? [] : ['rules'];
  const report: Report = (at, message, character) => {
    const path = pathText(Array.isArray(source) ? ['rules', ...at] : at);
    problems.push({ path, message, ...locate(at), ...(character !== undefined && { character }) });
  };
  const list: unknown = Array.isArray(source) ? source : fields(source)['rules'];
  if (!Array.isArray(list)) {
    report([], 'must be a list of rules, or an object with the list "rules", without aliases');
    return { rules: [], problems };
  }
  if (list.length > RULE_LIMITS.rules) report(prefix, `are more than ${RULE_LIMITS.rules} rules`);
  const rules: UserRule[] = [];
  for (const [index, given] of list.slice(0, RULE_LIMITS.rules).entries()) {
    const rule = withGroup(fields(given));
    await checkRule(rule, [...prefix, index], report);
    rules.push(rule as Fields & UserRule);
  }
  return problems.length > 0 ? { rules: [], problems } : { rules, problems };
}

/** Flux names a kind by `apiVersion` and `kind`; the version does not matter to a rule. */
function withGroup(given: Fields): Fields {
  const { apiVersion, kind, ...rest } = given;
  const version = text(apiVersion);
  const group = version === undefined ? undefined : version.includes('/') ? version.split('/')[0] : '';
  return {
    ...rest,
    ...(group !== undefined && { group }),
    ...(text(kind) !== undefined && { kinds: [kind] }),
  };
}

async function checkRule(rule: Fields, at: ValuePath, report: Report): Promise<void> {
  if (!('current' in rule)) {
    if ('cases' in rule) return checkDeclaredRule(rule, at, report);
    return report(at, 'must have cases, or the expression current');
  }
  const compile = await loadCelCompiler();
  const isExpression = (value: unknown, place: ValuePath): void => {
    if (value === undefined && place.at(-1) !== 'current') return;
    if (typeof value !== 'string') return report(place, 'must be an expression as text');
    try {
      compile(value);
    } catch (error) {
      if (!(error instanceof CelMistake)) throw error;
      report(
        place,
        `${error.message}${inExpression(value, error.at)}`,
        error.at === undefined ? undefined : error.at + 1,
      );
    }
  };
  const expressions = Object.fromEntries(CEL_EXPRESSIONS.map((name) => [name, isExpression]));
  checkFields(rule, at, { ...target, ...expressions }, report);
}

/** `, at character 12: "…c.typ == "`. */
function inExpression(expression: string, at: number | undefined): string {
  if (at === undefined) return '';
  const near = expression.slice(Math.max(0, at - 10), at + 10).replace(/\s+/g, ' ');
  return `, at character ${at + 1}, near "${near}"`;
}
