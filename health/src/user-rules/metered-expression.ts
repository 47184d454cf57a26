// Writes a parsed expression anew so that every step of it that can be long is counted. The library itself sets no
// limit to what an evaluation costs.

/** Name of the function that counts; what goes through it comes out unchanged. */
export const COST_FUNCTION = 'fairlead_cost';

/** What may not stand in an expression; `at` counts its characters from 0. */
export interface Refusal {
  readonly message: string;
  readonly at: number;
}

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
}

const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'matches',
    'matches() is not available, since a pattern can take for ever; use startsWith, endsWith, contains or ==',
  ],
  ['bind', 'bind() is not available; write the expression out'],
]);

/** The first call that is refused whatever the object; undefined when there is none. */
export function refusedCall(part: unknown): Refusal | undefined {
  if (Array.isArray(part)) {
    for (const one of part) {
      const refusal = refusedCall(one);
      if (refusal) return refusal;
    }
    return undefined;
  }
  if (!isNode(part)) return undefined;
  const name: unknown = Array.isArray(part.args) ? part.args[0] : undefined;
  const message = part.op.endsWith('call') && typeof name === 'string' ? REFUSED.get(name) : undefined;
  return message === undefined ? refusedCall(part.args) : { message, at: part.start };
}

/** The expression with its steps counted. Throws for a form that it does not know, which then cannot be used. */
export function meteredExpression(ast: unknown, source: string): string {
  return new Writer(source).write(ast, new Set());
}

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const YES_OR_NO: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||']);

type Names = ReadonlySet<string>;

class Writer {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** `entries` are the names that stand for an entry of a list here. */
  write(part: unknown, entries: Names): string {
    if (!isNode(part)) throw new Error('has a form that cannot be counted');
    const { op, args } = part;
    switch (op) {
      case 'value':
        return this.#source.slice(part.start, part.end);
      case 'id':
        return this.#name(String(args), entries);
      case 'call':
      case 'rcall':
        return this.#call(part, entries);
      case '.':
      case '[]':
        return counted(this.#access(part, entries));
      case 'list':
        return counted(`[${this.#all(args, entries)}]`);
      case 'map':
        return counted(`{${this.#mapEntries(args, entries)}}`);
      default:
        return this.#operation(part, entries);
    }
  }

  #operation({ op, args }: Node, entries: Names): string {
    if (op === '!_' || op === '-_') return `(${op.charAt(0)}${this.write(args, entries)})`;
    const [first, second, third] = listOf(args).map((one) => this.write(one, entries));
    if (op === '?:') return counted(`${first} ? ${second} : ${third}`);
    if (ARITHMETIC.has(op)) return counted(`${first} ${op} ${second}`);
    if (YES_OR_NO.has(op)) return `(${first} ${op} ${second})`;
    throw new Error(`has the operator ${op}, which cannot be counted`);
  }

  #name(name: string, entries: Names): string {
    return entries.has(name) ? counted(name) : name;
  }

  /** Of a chain of fields only the last is counted here; the object counts itself. */
  #access(part: Node, entries: Names): string {
    const [from, to] = listOf(part.args);
    const isChain = isNode(from) && (from.op === '.' || from.op === '[]');
    const base = isChain ? this.#access(from, entries) : this.write(from, entries);
    return part.op === '.' ? `${base}.${String(to)}` : `${base}[${this.write(to, entries)}]`;
  }

  #call({ op, args }: Node, entries: Names): string {
    if (op === 'call') {
      const [name, given] = listOf(args);
      const [only] = listOf(given);
      // has() wants the bare field.
      if (name === 'has' && isNode(only)) return `has(${this.#access(only, entries)})`;
      return counted(`${String(name)}(${this.#all(given, entries)})`);
    }
    const [name, receiver, given] = listOf(args);
    const on = this.write(receiver, entries);
    if (!MACROS.has(String(name))) return counted(`${on}.${String(name)}(${this.#all(given, entries)})`);
    const [entry, ...bodies] = listOf(given);
    const entryName = isNode(entry) ? String(entry.args) : '';
    const inner = new Set([...entries, entryName]);
    const written = bodies.map((body) => this.write(body, inner)).join(', ');
    return counted(`${on}.${String(name)}(${entryName}, ${written})`);
  }

  #all(parts: unknown, entries: Names): string {
    return listOf(parts)
      .map((one) => this.write(one, entries))
      .join(', ');
  }

  #mapEntries(parts: unknown, entries: Names): string {
    return listOf(parts)
      .map((pair) => listOf(pair).map((one) => this.write(one, entries)))
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ');
  }
}

function counted(text: string): string {
  return `${COST_FUNCTION}(${text})`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'start' in value;
}
