// The one place that knows the CEL library. It is loaded only when a rule is written in CEL, so that an agent without
// such rules does not hold it in memory.
import type { Environment } from '@marcbachmann/cel-js/evaluator';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { COST_FUNCTION, meteredExpression, refusedCall } from './metered-expression.ts';
import { CostMeter, TooCostly } from './metered-value.ts';
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
  // Evaluations do not wait for anything, so one meter is at work at a time.
  let meter = new CostMeter();
  const plain = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: MOST_NODES, maxDepth: 30, maxListElements: 50, maxMapEntries: 20 },
  }).registerVariable('self', 'dyn');
  const counting = plain
    .clone({ limits: { maxAstNodes: 10 * MOST_NODES, maxDepth: 200 } })
    .registerFunction(`${COST_FUNCTION}(dyn): dyn`, (value: unknown) => meter.pass(value));
  return (expression) => {
    const ast = checkedAst(plain, expression);
    const ready = checked(() => counting.parse(meteredExpression(ast, expression)));
    return (self) => {
      meter = new CostMeter();
      return ask(ready, meter.wrap(self));
    };
  };
}

/** What a mistake can be told of: the expression as it was written. */
function checkedAst(environment: Environment, expression: string): unknown {
  if (expression.length > RULE_LIMITS.expressionLength) {
    throw new CelMistake(`is longer than ${RULE_LIMITS.expressionLength} characters`, undefined);
  }
  const parsed = checked(() => environment.parse(expression));
  const refusal = refusedCall(parsed.ast);
  if (refusal) throw new CelMistake(refusal.message, refusal.at);
  const { valid, error, type } = parsed.check();
  if (!valid) throw mistakeOf(error);
  if (type === 'bool' || type === 'dyn') return parsed.ast;
  throw new CelMistake(`gives ${type ?? 'nothing'} and not true or false`, 0);
}

function ask(ready: (context: { self: unknown }) => unknown, self: unknown): CelAnswer {
  try {
    const answer = ready({ self });
    return typeof answer === 'boolean' ? { holds: answer } : { cannotTell: 'gives neither true nor false' };
  } catch (error) {
    // A field that is not there yet is the ordinary state of a young object.
    if (codeOf(error) === 'no_such_key') return { holds: false };
    return { cannotTell: isTooCostly(error) ? new TooCostly().message : mistakeOf(error).message };
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
