// What an expression may not contain, whatever the object: told from its shape, before it is ever asked.

/** Why an expression is refused; `at` counts its characters from 0. */
export interface CostRefusal {
  readonly message: string;
  readonly at: number;
}

/** Lists within lists; three would be the cube of a list's length. */
const DEEPEST_NESTING = 2;
const LIST_MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'matches',
    'matches() is not available, since a pattern can take for ever; use startsWith, endsWith, contains or ==',
  ],
  ['bind', 'bind() is not available; write the expression out'],
]);

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
}

/** The first part of a parsed expression that could cost without bound; undefined when there is none. */
export function costRefusal(part: unknown, nesting = 0): CostRefusal | undefined {
  if (Array.isArray(part)) return firstRefusal(part, nesting);
  if (!isNode(part)) return undefined;
  const called = calledBy(part);
  const message = called && REFUSED.get(called);
  if (message) return { message, at: part.start };
  return called && LIST_MACROS.has(called) ? macroRefusal(part, nesting) : costRefusal(part.args, nesting);
}

function macroRefusal({ args, start }: Node, nesting: number): CostRefusal | undefined {
  if (nesting >= DEEPEST_NESTING)
    return { message: `walks lists more than ${DEEPEST_NESTING} deep`, at: start };
  const [, receiver, inner] = args as readonly unknown[];
  return costRefusal(receiver, nesting) ?? costRefusal(inner, nesting + 1);
}

function firstRefusal(parts: readonly unknown[], nesting: number): CostRefusal | undefined {
  for (const part of parts) {
    const refusal = costRefusal(part, nesting);
    if (refusal) return refusal;
  }
  return undefined;
}

function calledBy({ op, args }: Node): string | undefined {
  if ((op !== 'rcall' && op !== 'call') || !Array.isArray(args)) return undefined;
  const name: unknown = args[0];
  return typeof name === 'string' ? name : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'start' in value;
}
