// An object as an expression sees it, and what an evaluation may cost: no expression can stall, whatever the object.

/**
 * What one evaluation may cost. A look at a field or an entry costs one, so does a step of the expression; long texts
 * and lists cost one more for each 64 characters or entries, as often as they are used.
 */
export const MOST_COST = 20_000;

const SIZE_PER_COST = 64;

/** Longer texts are cut: nobody decides on the rest of a log. */
const LONGEST_TEXT = 4_096;

/** Thrown in the middle of an evaluation that costs too much. */
export class TooCostly extends Error {
  constructor() {
    super(`costs more than ${MOST_COST} steps`);
    this.name = 'TooCostly';
  }
}

/** Counts one evaluation. */
export class CostMeter {
  readonly #seen = new WeakSet();
  #spent = 0;

  /** The value, counted as it is walked. Whole numbers become bigints, which is CEL's int. */
  wrap(value: unknown): unknown {
    if (typeof value === 'string') return this.pass(value.slice(0, LONGEST_TEXT));
    if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    const seen = new Proxy(value, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key);
        // The list's own functions and its length are no data.
        if (typeof key === 'symbol' || typeof found === 'function' || isLength(target, key)) return found;
        this.#spend(1);
        return this.wrap(found);
      },
      ownKeys: (target) => {
        const keys = Reflect.ownKeys(target);
        this.#spend(keys.length);
        return keys;
      },
    });
    this.#seen.add(seen);
    return seen;
  }

  /** The value as it is, once what it costs to use it is paid. */
  pass<T>(value: T): T {
    this.#spend(1);
    this.#payFor(value, 0);
    return value;
  }

  // Parts of the object count themselves as they are looked at; what an expression made of them is counted here.
  #payFor(value: unknown, depth: number): void {
    if (typeof value === 'string') return this.#spend(value.length / SIZE_PER_COST);
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return;
    if (depth > 30) throw new TooCostly();
    const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    this.#spend(parts.length / SIZE_PER_COST);
    for (const part of parts) this.#payFor(part, depth + 1);
  }

  #spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > MOST_COST) throw new TooCostly();
  }
}

function isLength(target: object, key: string): boolean {
  return key === 'length' && Array.isArray(target);
}
