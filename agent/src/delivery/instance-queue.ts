// Decides when an instance's next pass runs: never two of one instance at a time, some instances at once.
import type { Clock } from '../clock.ts';

/** Three times as many as requests go out at once: a pass may wait for the hub, or for what the API server makes one by one. */
const PASSES_AT_ONCE = 48;

/** Runs passes by key. Asking again while a pass runs makes one more pass afterwards, however often it was asked. */
export class InstanceQueue {
  readonly #clock: Clock;
  readonly #pass: (key: string) => Promise<void>;
  readonly #waiting = new Set<string>();
  readonly #urgent = new Set<string>();
  readonly #running = new Set<string>();
  readonly #timers = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();
  #idle: (() => void)[] = [];
  #stopped = false;

  /** `pass` must not reject. */
  constructor(clock: Clock, pass: (key: string) => Promise<void>) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /** Urgent passes, the healing of drift, go before those that only catch up. */
  add(key: string, urgency: 'NORMAL' | 'URGENT' = 'NORMAL'): void {
    if (this.#stopped) return;
    (urgency === 'URGENT' ? this.#urgent : this.#waiting).add(key);
    this.#next();
  }

  /** A pass at that time, unless an earlier one is planned. */
  addAt(key: string, atMs: number): void {
    const planned = this.#timers.get(key);
    if (this.#stopped || (planned && planned.atMs <= atMs)) return;
    planned?.cancel();
    const run = (): void => {
      this.#timers.delete(key);
      this.add(key);
    };
    const cancel = this.#clock.after(Math.max(0, atMs - this.#clock.now()), run);
    this.#timers.set(key, { atMs, cancel });
  }

  /** No more passes of this instance; a running one ends. */
  remove(key: string): void {
    this.#waiting.delete(key);
    this.#urgent.delete(key);
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  /** Starts no more passes and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    while (!this.#stopped && this.#running.size < PASSES_AT_ONCE) {
      const key = this.#take();
      if (key === undefined) return;
      this.#running.add(key);
      void this.#pass(key).finally(() => this.#done(key));
    }
  }

  #take(): string | undefined {
    for (const keys of [this.#urgent, this.#waiting]) {
      for (const key of keys) {
        if (this.#running.has(key)) continue;
        this.#urgent.delete(key);
        this.#waiting.delete(key);
        return key;
      }
    }
    return undefined;
  }

  #done(key: string): void {
    this.#running.delete(key);
    for (const resolve of this.#idle.splice(0)) resolve();
    this.#next();
  }
}
