// Label selectors in the syntax of Kubernetes: parsed, matched in memory, and asked of Postgres. The two answers are
// always the same; a property test holds them together.
import { labelKeyProblem, labelValueProblem, type Labels } from './labels.ts';

/** `IN` is also what `key=value` means; `NOT_IN` and `key!=value` match a missing key, as in Kubernetes. */
export type LabelRequirement =
  | { readonly operator: 'IN' | 'NOT_IN'; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: 'EXISTS' | 'ABSENT'; readonly key: string };

/** All requirements must hold; none at all matches everything. */
export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[];
}

/** What is wrong with a selector's text, and where: `position` counts characters from 1. */
export interface SelectorProblem {
  readonly problem: string;
  readonly position: number;
}

/** A selector that no labels match. */
export const NOTHING_SELECTOR = 'none,!none';

/** Reads a selector; a problem is a value, because callers name it together with other problems of their input. */
export function parseLabelSelector(text: string): LabelSelector | SelectorProblem {
  try {
    return { requirements: new SelectorReader(text).requirements() };
  } catch (error) {
    if (error instanceof SelectorSyntaxError) return { problem: error.message, position: error.position };
    throw error;
  }
}

/** Whether `parseLabelSelector` found a problem. */
export function isSelectorProblem(result: LabelSelector | SelectorProblem): result is SelectorProblem {
  return 'problem' in result;
}

/** `selector "env=": at character 5: …`, for people. */
export function selectorProblemText(text: string, { problem, position }: SelectorProblem): string {
  return `selector "${text}": at character ${position}: ${problem}`;
}

/** Whether labels satisfy every requirement. */
export function matchesSelector({ requirements }: LabelSelector, labels: Labels): boolean {
  return requirements.every((requirement) => meets(requirement, labels));
}

function meets(requirement: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'IN':
      return value !== undefined && requirement.values.includes(value);
    case 'NOT_IN':
      return value === undefined || !requirement.values.includes(value);
    case 'EXISTS':
      return value !== undefined;
    case 'ABSENT':
      return value === undefined;
  }
}

/** A condition over a `label_kv text[]` column and its parameters. */
export interface SelectorSql {
  /** Never empty: `true` where everything matches. */
  readonly text: string;
  readonly values: readonly (readonly string[])[];
}

/**
 * The same question to Postgres: `selectorSql(selector, 'c.label_kv', 3)` numbers its parameters from `$3`.
 * `column` comes from code, never from a caller of the API.
 */
export function selectorSql(
  { requirements }: LabelSelector,
  column: string,
  firstParam: number,
): SelectorSql {
  const conditions = requirements.map((requirement, index) => {
    const overlaps = `${column} && $${firstParam + index}::text[]`;
    const positive = requirement.operator === 'IN' || requirement.operator === 'EXISTS';
    return positive ? overlaps : `not (${overlaps})`;
  });
  return { text: conditions.join(' and ') || 'true', values: requirements.map(indexTerms) };
}

function indexTerms(requirement: LabelRequirement): readonly string[] {
  if ('values' in requirement) return requirement.values.map((value) => `${requirement.key}=${value}`);
  return [requirement.key];
}

class SelectorSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, index: number) {
    super(message);
    this.position = index + 1;
  }
}

// A word ends at a space or at any sign that means something in a selector.
const WORD = /[^\s,()=!]*/y;

class SelectorReader {
  private index = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  requirements(): LabelRequirement[] {
    const found: LabelRequirement[] = [];
    this.skipSpace();
    if (this.atEnd()) return found;
    do found.push(this.requirement());
    while (this.took(','));
    if (!this.atEnd())
      this.fail(`"," or the end was expected, not ${this.seen()}. Selectors are joined by ",".`);
    return found;
  }

  private requirement(): LabelRequirement {
    if (this.took('!')) return { operator: 'ABSENT', key: this.key() };
    const key = this.key();
    if (this.took('!=')) return { operator: 'NOT_IN', key, values: [this.value(key)] };
    if (this.took('==') || this.took('=')) return { operator: 'IN', key, values: [this.value(key)] };
    if (this.tookWord('in')) return { operator: 'IN', key, values: this.valueList(key) };
    if (this.tookWord('notin')) return { operator: 'NOT_IN', key, values: this.valueList(key) };
    return { operator: 'EXISTS', key };
  }

  private key(): string {
    const start = this.index;
    const key = this.word();
    if (key === '') this.fail(`a label key was expected, not ${this.seen()}.`);
    const problem = labelKeyProblem(key);
    if (problem) throw new SelectorSyntaxError(problem, start);
    return key;
  }

  private value(key: string): string {
    const start = this.index;
    const value = this.word();
    const problem = labelValueProblem(key, value);
    if (problem) throw new SelectorSyntaxError(problem, start);
    return value;
  }

  private valueList(key: string): string[] {
    if (!this.took('(')) this.fail(`"(" was expected, not ${this.seen()}; write it like "in (eu,us)".`);
    const values: string[] = [];
    do values.push(this.value(key));
    while (this.took(','));
    if (!this.took(')')) this.fail(`"," or ")" was expected, not ${this.seen()}.`);
    return [...new Set(values)];
  }

  private word(): string {
    WORD.lastIndex = this.index;
    const word = WORD.exec(this.text)?.[0] ?? '';
    this.index += word.length;
    this.skipSpace();
    return word;
  }

  private took(sign: string): boolean {
    if (!this.text.startsWith(sign, this.index)) return false;
    this.index += sign.length;
    this.skipSpace();
    return true;
  }

  private tookWord(expected: string): boolean {
    const start = this.index;
    if (this.word() === expected) return true;
    this.index = start;
    return false;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.index))) this.index += 1;
  }

  private atEnd(): boolean {
    return this.index >= this.text.length;
  }

  private seen(): string {
    return this.atEnd() ? 'the end' : `"${this.text.slice(this.index, this.index + 20)}"`;
  }

  private fail(message: string): never {
    throw new SelectorSyntaxError(message, this.index);
  }
}
