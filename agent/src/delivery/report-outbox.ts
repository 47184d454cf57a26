// Tells a listener what changed about instances, at most once per tick and only when it really changed.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { InstanceReport } from '@fairlead/protocol/report';
import type { Clock } from '../clock.ts';

const TICK_MS = 20;

/** What one instance looks like now; what the agent's reports to the hub carry. */
export type InstanceObservation = InstanceReport;

/** Collects which instances may have changed, and looks at them together a moment later. */
export class ReportOutbox {
  readonly #clock: Clock;
  readonly #observe: (instance: string) => InstanceObservation | undefined;
  readonly #dirty = new Set<string>();
  readonly #told = new Map<string, string>();
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
    const observation = this.#observe(instance);
    if (!observation) return;
    const text = canonicalJson(observation);
    if (this.#told.get(instance) === text) return;
    this.#told.set(instance, text);
    for (const listener of this.#listeners) listener(observation);
  }
}
