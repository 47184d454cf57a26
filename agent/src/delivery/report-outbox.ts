// Tells a listener what changed about instances, only when it really changed: at most once per tick, and of a pass that
// is under way once a second. What came of it is told at once.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { InstanceReport } from '@fairlead/protocol/report';
import type { Clock } from '../clock.ts';

const TICK_MS = 20;
/** Each report is a transaction and a look at the hub, and of a pass that takes less nobody wants to see the steps. */
const PROGRESS_EVERY_MS = 1_000;

/** What one instance looks like now; what the agent's reports to the hub carry. */
export type InstanceObservation = InstanceReport;

interface Told {
  readonly text: string;
  readonly atMs: number;
  /** The generation that was being applied then. */
  readonly applying: number | undefined;
}

/** Collects which instances may have changed, and looks at them together a moment later. */
export class ReportOutbox {
  readonly #clock: Clock;
  readonly #observe: (instance: string) => InstanceObservation | undefined;
  readonly #dirty = new Set<string>();
  readonly #told = new Map<string, Told>();
  readonly #later = new Map<string, () => void>();
  readonly #listeners = new Set<(observation: InstanceObservation) => void>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, observe: (instance: string) => InstanceObservation | undefined) {
    this.#clock = clock;
    this.#observe = observe;
  }

  /** A new listener is told everything at the next tick. Returns how to end it. */
  listen(listener: (observation: InstanceObservation) => void): () => void {
    this.#listeners.add(listener);
    for (const instance of this.#told.keys()) this.mark(instance);
    this.#told.clear();
    return () => this.#listeners.delete(listener);
  }

  /** The instance may have changed. */
  mark(instance: string): void {
    this.#dirty.add(instance);
    this.#cancel ??= this.#clock.after(TICK_MS, () => this.flush());
  }

  /** Forgets what was told of an instance that is no longer kept. */
  forget(instance: string): void {
    this.#dirty.delete(instance);
    this.#told.delete(instance);
    this.#stopWaiting(instance);
  }

  /** Tells now what is to be told. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const instances = [...this.#dirty];
    this.#dirty.clear();
    for (const instance of instances) this.#tell(instance);
  }

  #tell(instance: string): void {
    this.#stopWaiting(instance);
    const observation = this.#observe(instance);
    if (!observation) return;
    const text = canonicalJson(observation);
    const before = this.#told.get(instance);
    if (before?.text === text) return;
    const now = this.#clock.now();
    const applying = observation.sync === 'SYNCING' ? observation.generation : undefined;
    const isProgress = applying !== undefined && applying === before?.applying;
    if (isProgress && this.#waits(instance, now - before.atMs)) return;
    this.#told.set(instance, { text, atMs: now, applying });
    for (const listener of this.#listeners) listener(observation);
  }

  /** False where it is time; a clock that was put back makes nobody wait. */
  #waits(instance: string, sinceToldMs: number): boolean {
    if (sinceToldMs < 0 || sinceToldMs >= PROGRESS_EVERY_MS) return false;
    const cancel = this.#clock.after(PROGRESS_EVERY_MS - sinceToldMs, () => this.mark(instance));
    this.#later.set(instance, cancel);
    return true;
  }

  #stopWaiting(instance: string): void {
    this.#later.get(instance)?.();
    this.#later.delete(instance);
  }
}
