// An object as an expression sees it: every look costs, and there is a limit, so that no expression can stall.

/** Looks at fields and entries that one evaluation may take. */
export const MOST_LOOKS = 3_000;

/** Longer texts are cut: nobody decides on the rest of a log, and text functions cost by length. */
const LONGEST_TEXT = 4_096;

/** Thrown in the middle of an evaluation that looks at too much. */
export class TooCostly extends Error {
  constructor() {
    super(`looks at more than ${MOST_LOOKS} fields and entries`);
    this.name = 'TooCostly';
  }
}

/**
 * The value, counted as it is walked. Whole numbers become bigints, which is CEL's int. Lists and objects are wrapped
 * only when they are looked at, so an object of a megabyte costs no more than what is read of it.
 */
export function metered(value: unknown): unknown {
  let looks = 0;
  const wrap = (inner: unknown): unknown => {
    if (typeof inner === 'string') return inner.slice(0, LONGEST_TEXT);
    if (typeof inner === 'number') return Number.isSafeInteger(inner) ? BigInt(inner) : inner;
    if (typeof inner !== 'object' || inner === null) return inner;
    return new Proxy(inner, {
      get(target, key) {
        const found: unknown = Reflect.get(target, key);
        // The wrapped list's own functions and its length are no data.
        if (typeof key === 'symbol' || typeof found === 'function' || isLength(target, key)) return found;
        if ((looks += 1) > MOST_LOOKS) throw new TooCostly();
        return wrap(found);
      },
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        if ((looks += keys.length) > MOST_LOOKS) throw new TooCostly();
        return keys;
      },
    });
  };
  return wrap(value);
}

function isLength(target: object, key: string): boolean {
  return key === 'length' && Array.isArray(target);
}
