// The one place that knows the CEL library. It is loaded only when a rule is written in CEL, so that an agent without
// such rules does not hold it in memory.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { costRefusal } from './expression-cost.ts';
import { TooCostly, metered } from './metered-value.ts';
import { RULE_LIMITS } from './user-rule.ts';

/** A mistake in an expression; `at` counts its characters from 0. */
export class CelMistake extends Error {
  readonly at: number | undefined;

  constructor(message: string, at: number | undefined) {
    super(message);
    this.name = 'CelMistake';
    this.at = at;
  }
}

/** What an expression says of an object. `cannot tell` has a reason: it asks for too much, or compares what has no order. */
export type CelAnswer = { readonly holds: boolean } | { readonly cannotTell: string };

/** An expression that is ready to be asked. Never throws, and ends soon whatever the object. */
export type CelQuestion = (self: KubernetesObject) => CelAnswer;

/** Compiles one expression over `self`. Throws CelMistake. */
export type CelCompiler = (expression: string) => CelQuestion;

/** Nodes of one expression; every node costs at each entry of a list that it is asked for. */
const MOST_NODES = 150;

let loading: Promise<CelCompiler> | undefined;

/** The compiler, loaded once. */
export function loadCelCompiler(): Promise<CelCompiler> {
  loading ??= load();
  return loading;
}

async function load(): Promise<CelCompiler> {
  const { Environment } = await import('@marcbachmann/cel-js/evaluator');
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: MOST_NODES, maxDepth: 30, maxListElements: 50, maxMapEntries: 20 },
  }).registerVariable('self', 'dyn');
  return (expression) => {
    if (expression.length > RULE_LIMITS.expressionLength) {
      throw new CelMistake(`is longer than ${RULE_LIMITS.expressionLength} characters`, undefined);
    }
    const parsed = checked(() => environment.parse(expression));
    const cost = costRefusal(parsed.ast);
    if (cost) throw new CelMistake(cost.message, cost.at);
    const { valid, error, type } = parsed.check();
    if (!valid) throw mistakeOf(error);
    if (type !== 'bool' && type !== 'dyn')
      throw new CelMistake(`gives ${type ?? 'nothing'} and not true or false`, 0);
    return (self) => ask(parsed, self);
  };
}

function ask(parsed: (context: { self: unknown }) => unknown, self: KubernetesObject): CelAnswer {
  try {
    const answer = parsed({ self: metered(self) });
    if (typeof answer === 'boolean') return { holds: answer };
    return { cannotTell: 'gives neither true nor false' };
  } catch (error) {
    // A field that is not there yet is the ordinary state of a young object.
    if (codeOf(error) === 'no_such_key') return { holds: false };
    if (isTooCostly(error)) return { cannotTell: new TooCostly().message };
    return { cannotTell: mistakeOf(error).message };
  }
}

function isTooCostly(error: unknown): boolean {
  return error instanceof TooCostly || (error instanceof Error && error.cause instanceof TooCostly);
}

function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw mistakeOf(error);
  }
}

/** The library's errors carry a summary of one line and a range. */
function mistakeOf(error: unknown): CelMistake {
  if (!(error instanceof Error)) return new CelMistake('cannot be read', undefined);
  const summary: unknown = Reflect.get(error, 'summary');
  const range: unknown = Reflect.get(error, 'range');
  const start: unknown =
    typeof range === 'object' && range !== null ? Reflect.get(range, 'start') : undefined;
  const [first = error.message] = (typeof summary === 'string' ? summary : error.message).split('\n');
  return new CelMistake(first, typeof start === 'number' ? start : undefined);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
