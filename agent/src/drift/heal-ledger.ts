// Remembers how often each field was healed and who took it back, so that a first change is undone at once, a
// tug-of-war slows down, and a fight ends.

/** How many times a field is put back without waiting. */
export const IMMEDIATE_HEALS = 3;
/** How often one manager may take a field back within the window before its healing stops. */
export const CONTESTED_AFTER = 5;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** A field that was left alone for this long starts anew; take-backs are counted over it. */
const WINDOW_MS = 10 * 60_000;
/** A contest ends by itself with one more try, after this long at first; every further one takes twice as long. */
const FIRST_CONTEST_MS = 10 * 60_000;
const LONGEST_CONTEST_MS = 6 * 60 * 60_000;

interface Contest {
  readonly manager: string;
  readonly untilMs: number;
  readonly count: number;
}

interface FieldHistory {
  readonly heals: number;
  readonly lastAtMs: number;
  /** Times at which each manager took the field back. */
  readonly takenBack: ReadonlyMap<string, readonly number[]>;
  readonly contest?: Contest;
}

/** A field that differs, and who made it so where that is known. */
export interface ChangedField {
  readonly path: string;
  readonly manager?: string | undefined;
}

/** A field that is not healed for now. */
export interface ContestedField {
  readonly path: string;
  readonly manager: string;
  readonly untilMs: number;
}

/** Whether a field may be healed: now, later, or not while its contest lasts. */
export type HealVerdict =
  | { readonly kind: 'DUE' }
  | { readonly kind: 'WAITS'; readonly untilMs: number }
  | { readonly kind: 'CONTESTED'; readonly untilMs: number };

/** Heals by object and field. Times are milliseconds; the caller gives the present. */
export class HealLedger {
  readonly #fields = new Map<string, Map<string, FieldHistory>>();

  /** Whether all fields of this object may be healed at once, so that nobody need ask which field changed. */
  isCalm(objectId: string, nowMs: number): boolean {
    const fields = this.#fields.get(objectId);
    if (!fields) return true;
    for (const [path, history] of fields) if (isOver(history, nowMs)) fields.delete(path);
    if (fields.size === 0) this.#fields.delete(objectId);
    return [...fields.values()].every(({ heals, contest }) => heals < IMMEDIATE_HEALS && !contest);
  }

  /** Called with a field that differs now. Where its manager has taken it back too often, the contest begins here. */
  judge(objectId: string, { path, manager }: ChangedField, nowMs: number): HealVerdict {
    const history = this.#fields.get(objectId)?.get(path);
    if (!history || isOver(history, nowMs)) return { kind: 'DUE' };
    const contest = manager === undefined ? undefined : contestOf(history, manager, nowMs);
    if (contest) {
      this.#fields.get(objectId)?.set(path, { ...history, contest });
      return { kind: 'CONTESTED', untilMs: contest.untilMs };
    }
    const untilMs = dueMs(history);
    return untilMs > nowMs ? { kind: 'WAITS', untilMs } : { kind: 'DUE' };
  }

  /** Notes that these fields were put back. */
  record(objectId: string, changed: readonly ChangedField[], nowMs: number): void {
    const fields = this.#fields.get(objectId) ?? new Map<string, FieldHistory>();
    for (const { path, manager } of changed) {
      const before = fields.get(path);
      fields.set(path, {
        ...before,
        heals: (before?.heals ?? 0) + 1,
        lastAtMs: nowMs,
        takenBack: before ? withTakeBack(before.takenBack, manager, nowMs) : new Map(),
      });
    }
    if (fields.size > 0) this.#fields.set(objectId, fields);
  }

  /** Fields whose contest is not over. */
  contested(objectId: string, nowMs: number): readonly ContestedField[] {
    return [...(this.#fields.get(objectId) ?? [])].flatMap(([path, { contest }]) =>
      contest && contest.untilMs > nowMs
        ? [{ path, manager: contest.manager, untilMs: contest.untilMs }]
        : [],
    );
  }

  /** Takes up a contest that an earlier life of the agent had begun. */
  restoreContest(objectId: string, { path, manager }: ChangedField, nowMs: number): void {
    if (manager === undefined) return;
    const fields = this.#fields.get(objectId) ?? new Map<string, FieldHistory>();
    const contest = { manager, untilMs: nowMs + FIRST_CONTEST_MS, count: 1 };
    fields.set(path, { heals: CONTESTED_AFTER, lastAtMs: nowMs, takenBack: new Map(), contest });
    this.#fields.set(objectId, fields);
  }

  /** How often the field was put back of late. */
  healsOf(objectId: string, path: string): number {
    return this.#fields.get(objectId)?.get(path)?.heals ?? 0;
  }

  /** Forgets an object, or one field of it: a new version was ordered, a person asked to heal now, or it is gone. */
  forget(objectId: string, path?: string): void {
    if (path === undefined) this.#fields.delete(objectId);
    else this.#fields.get(objectId)?.delete(path);
  }
}

function isOver({ lastAtMs, contest }: FieldHistory, nowMs: number): boolean {
  return nowMs - Math.max(lastAtMs, contest?.untilMs ?? 0) > WINDOW_MS;
}

/** The contest that goes on, begins again after its last try, or begins now; none where the field may be healed. */
function contestOf(history: FieldHistory, manager: string, nowMs: number): Contest | undefined {
  const { contest, lastAtMs } = history;
  if (contest?.manager === manager) {
    if (nowMs < contest.untilMs) return contest;
    return lastAtMs >= contest.untilMs ? newContest(manager, contest.count + 1, nowMs) : undefined;
  }
  const times = withTakeBack(history.takenBack, manager, nowMs).get(manager) ?? [];
  return times.length >= CONTESTED_AFTER ? newContest(manager, 1, nowMs) : undefined;
}

function newContest(manager: string, count: number, nowMs: number): Contest {
  const lastsMs = Math.min(LONGEST_CONTEST_MS, FIRST_CONTEST_MS * 2 ** Math.min(count - 1, 20));
  return { manager, count, untilMs: nowMs + lastsMs };
}

function withTakeBack(
  takenBack: FieldHistory['takenBack'],
  manager: string | undefined,
  nowMs: number,
): FieldHistory['takenBack'] {
  if (manager === undefined) return takenBack;
  const recent = (takenBack.get(manager) ?? []).filter((atMs) => nowMs - atMs <= WINDOW_MS);
  return new Map([...takenBack, [manager, [...recent, nowMs]]]);
}

function dueMs({ heals, lastAtMs }: FieldHistory): number {
  if (heals < IMMEDIATE_HEALS) return lastAtMs;
  const doublings = Math.min(heals - IMMEDIATE_HEALS, 20);
  return lastAtMs + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings);
}
