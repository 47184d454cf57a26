// Remembers how often each field was healed, so that a tug-of-war slows down and a first change is undone at once.

/** How many times a field is put back without waiting. */
export const IMMEDIATE_HEALS = 3;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** A field that was left alone for this long starts anew. */
const FORGET_AFTER_MS = 10 * 60_000;

interface FieldHistory {
  readonly heals: number;
  readonly lastAtMs: number;
}

/** Heals by object and field. Times are milliseconds; the caller gives the present. */
export class HealLedger {
  readonly #fields = new Map<string, Map<string, FieldHistory>>();

  /** Whether all fields of this object may be healed at once, so that nobody need ask which field changed. */
  isCalm(objectId: string, nowMs: number): boolean {
    const fields = this.#fields.get(objectId);
    if (!fields) return true;
    for (const [path, history] of fields) {
      if (nowMs - history.lastAtMs > FORGET_AFTER_MS) fields.delete(path);
    }
    if (fields.size === 0) this.#fields.delete(objectId);
    return [...fields.values()].every((history) => history.heals < IMMEDIATE_HEALS);
  }

  /** The earliest time at which these fields are to be healed; the past or present means now. */
  healAtMs(objectId: string, paths: readonly string[], nowMs: number): number {
    const fields = this.#fields.get(objectId);
    // One field that may be healed now is reason enough: an apply puts back all of them.
    const times = paths.map((path) => dueMs(fields?.get(path), nowMs));
    return times.length === 0 ? nowMs : Math.min(...times);
  }

  /** Notes that these fields were put back. */
  record(objectId: string, paths: readonly string[], nowMs: number): void {
    const fields = this.#fields.get(objectId) ?? new Map<string, FieldHistory>();
    for (const path of paths) {
      fields.set(path, { heals: (fields.get(path)?.heals ?? 0) + 1, lastAtMs: nowMs });
    }
    if (fields.size > 0) this.#fields.set(objectId, fields);
  }

  /** Forgets an object: a new version of it was ordered, a person asked to heal now, or it is gone. */
  forget(objectId: string): void {
    this.#fields.delete(objectId);
  }
}

function dueMs(history: FieldHistory | undefined, nowMs: number): number {
  if (!history || history.heals < IMMEDIATE_HEALS || nowMs - history.lastAtMs > FORGET_AFTER_MS) return nowMs;
  const doublings = Math.min(history.heals - IMMEDIATE_HEALS, 20);
  return history.lastAtMs + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings);
}
