// From a test as data to a function, so that paths are taken apart once and not at each of a million evaluations.
import { statusOf } from '../conditions.ts';
import { type Fields, fields, quoted, text, wholeNumber } from '../read-fields.ts';
import { type Steps, isSomething, stepsOf, valueAt } from './field-path.ts';
import { type MatchedWords, NO_WORDS, asReason } from './matched-words.ts';
import type { ConditionTest, FieldTest, RuleTest, Scalar } from './rule-form.ts';

/** What a test is asked of: the object itself, or an entry of one of its lists. */
export interface Scope {
  readonly of: unknown;
  readonly generation: number | undefined;
}

/** The words of the test when it holds, else undefined. */
export type Question = (scope: Scope) => MatchedWords | undefined;

/** Entries of a list that are looked at; a status with more is no longer one that a person reads. */
const MOST_ENTRIES = 1_000;

/** Compiles a test. `nested` tells that it is asked of an entry and not of the object. Throws where a path cannot be read. */
export function compileTest(test: RuleTest, nested = false): Question {
  if ('condition' in test) return conditionQuestion(test, nested);
  if ('field' in test) return fieldQuestion(test);
  if ('some' in test) return entriesQuestion(test.some, compileTest(test.that, true), firstThatHolds);
  if ('every' in test) return entriesQuestion(test.every, compileTest(test.that, true), lastIfAllHold);
  if ('all' in test) return allQuestion(test.all.map((one) => compileTest(one, nested)));
  if ('any' in test) return anyQuestion(test.any.map((one) => compileTest(one, nested)));
  const asked = compileTest(test.not, nested);
  return (scope) => (asked(scope) ? undefined : NO_WORDS);
}

/** The condition of that type in a list, without what was seen at an older generation. */
export function currentCondition(
  list: unknown,
  type: string,
  generation: number | undefined,
): Fields | undefined {
  if (!Array.isArray(list)) return undefined;
  for (const entry of list) {
    const condition = fields(entry);
    if (condition['type'] === type) return isOld(condition, generation) ? undefined : condition;
  }
  return undefined;
}

/** The words of a condition that decides. */
export function wordsOfCondition(condition: Fields): MatchedWords {
  const { reason, message, type } = condition;
  const status = statusOf(condition);
  const word =
    (typeof reason === 'string' ? asReason(reason) : undefined) ??
    asReason(`${status === 'False' ? 'Not' : ''}${String(type)}`);
  // Some controllers write a sentence where one word belongs.
  const prose = typeof reason === 'string' && asReason(reason) === undefined ? text(reason) : undefined;
  const detail = text(message) ?? prose;
  return {
    words: `${String(type)} is ${quoted(status)}`,
    ...(word !== undefined && { reason: word }),
    ...(detail !== undefined && { detail }),
  };
}

/** The path to a list of conditions. */
export function conditionSteps(given: string | undefined, nested: boolean): Steps {
  return stepsOf(given ?? (nested ? 'conditions' : 'status.conditions'));
}

function isOld(condition: Fields, generation: number | undefined): boolean {
  const seen = wholeNumber(condition['observedGeneration']);
  return seen !== undefined && generation !== undefined && seen < generation;
}

function conditionQuestion(test: ConditionTest, nested: boolean): Question {
  const steps = conditionSteps(test.in, nested);
  const statuses = setOf(test.is);
  const reasons = setOf(test.reason);
  return ({ of, generation }) => {
    const found = currentCondition(valueAt(of, steps), test.condition, generation);
    if (!found) return undefined;
    if (statuses && !statuses.has(statusOf(found))) return undefined;
    if (reasons && !reasons.has(String(found['reason']))) return undefined;
    return wordsOfCondition(found);
  };
}

function fieldQuestion(test: FieldTest): Question {
  const steps = stepsOf(test.field);
  const name = steps.at(-1) ?? test.field;
  const bounds = boundsOf(test);
  return ({ of }) => {
    const value = valueAt(of, steps);
    for (const holds of bounds) if (!holds(value, of)) return undefined;
    return wordsOfField(name, value);
  };
}

/** The words of a field that decides. */
export function wordsOfField(name: string, value: unknown): MatchedWords {
  if (typeof value === 'string' && value !== '') {
    const word = asReason(value);
    return { words: `${name} is ${quoted(value)}`, ...(word !== undefined && { reason: word }) };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { words: `${name} is ${value}` };
  return { words: isSomething(value) ? `has ${name}` : `has no ${name}` };
}

type Bound = (value: unknown, of: unknown) => boolean;

function boundsOf({ is, startsWith, exists, atLeast, sameAs }: FieldTest): Bound[] {
  const bounds: Bound[] = [];
  const values = setOf<Scalar>(is);
  if (values) bounds.push((value) => values.has(value as Scalar));
  const starts = startsWith === undefined ? undefined : [...(setOf(startsWith) ?? [])];
  if (starts)
    bounds.push((value) => typeof value === 'string' && starts.some((start) => value.startsWith(start)));
  if (exists !== undefined) bounds.push((value) => isSomething(value) === exists);
  if (atLeast !== undefined) bounds.push(atLeastBound(atLeast));
  if (sameAs !== undefined) {
    const steps = stepsOf(sameAs);
    bounds.push((value, of) => value === valueAt(of, steps));
  }
  return bounds;
}

function atLeastBound(least: number | string): Bound {
  if (typeof least === 'number') return (value) => typeof value === 'number' && value >= least;
  const steps = stepsOf(least);
  return (value, of) => {
    const other = valueAt(of, steps);
    return typeof value === 'number' && typeof other === 'number' && value >= other;
  };
}

type Choose = (
  entries: readonly unknown[],
  asked: Question,
  generation: number | undefined,
) => MatchedWords | undefined;

function entriesQuestion(path: string, asked: Question, choose: Choose): Question {
  const steps = stepsOf(path);
  return ({ of, generation }) => {
    const value = valueAt(of, steps);
    const entries = Array.isArray(value) ? value : Object.values(fields(value));
    return choose(entries.slice(0, MOST_ENTRIES), asked, generation);
  };
}

const firstThatHolds: Choose = (entries, asked, generation) => {
  for (const of of entries) {
    const words = asked({ of, generation });
    if (words) return isCondition(of) ? wordsOfCondition(fields(of)) : words;
  }
  return undefined;
};

/** A condition that was found by something else than its type has words of its own all the same. */
function isCondition(entry: unknown): boolean {
  const { type, status } = fields(entry);
  return typeof type === 'string' && typeof status === 'string';
}

const lastIfAllHold: Choose = (entries, asked, generation) => {
  let last: MatchedWords | undefined;
  for (const of of entries) {
    last = asked({ of, generation });
    if (!last) return undefined;
  }
  return last;
};

// Of several that hold together, the first with a reason speaks for all.
function allQuestion(questions: readonly Question[]): Question {
  return (scope) => {
    let speaks: MatchedWords = NO_WORDS;
    for (const asked of questions) {
      const words = asked(scope);
      if (!words) return undefined;
      if (!speaks.words || (!speaks.reason && words.reason)) speaks = words;
    }
    return speaks;
  };
}

function anyQuestion(questions: readonly Question[]): Question {
  return (scope) => {
    for (const asked of questions) {
      const words = asked(scope);
      if (words) return words;
    }
    return undefined;
  };
}

function setOf<T extends Scalar>(values: T | readonly T[] | undefined): ReadonlySet<T> | undefined {
  if (values === undefined) return undefined;
  return new Set<T>(Array.isArray(values) ? (values as readonly T[]) : [values as T]);
}
