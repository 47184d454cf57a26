// Looks again at what was judged by health rules that have changed since: one list for each kind, not one read for each
// object.
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import { backoffMs } from '../kube/retry.ts';
import type { Log } from '../log.ts';
import type { LiveCache } from './live-cache.ts';
import { kindKey, type WatchSet } from './watch-set.ts';

/** What a refresh works with. */
export interface RefreshTools {
  readonly cache: LiveCache;
  readonly watches: WatchSet;
  readonly clock: Clock;
  readonly log: Log;
}

/** One per engine; a wish that comes while it is at work is granted afterwards. */
export class RuleRefresh {
  readonly #tools: RefreshTools;
  #isRunning = false;
  #isWanted = false;
  #isStopped = false;
  #failures = 0;
  #cancel: (() => void) | undefined;

  constructor(tools: RefreshTools) {
    this.#tools = tools;
  }

  /** Rules have changed. */
  start(): void {
    this.#isWanted = !this.#isStopped;
    if (!this.#isRunning) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#isWanted = false;
    this.#cancel?.();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#look();
    }
    this.#isRunning = false;
  }

  async #look(): Promise<void> {
    const { cache, clock, log } = this.#tools;
    this.#cancel?.();
    const reasons = new Set<string>();
    for (const ref of cache.outdatedKinds(kindKey)) {
      const reason = await this.#failureOf(ref);
      if (reason !== undefined) reasons.add(reason);
    }
    if (reasons.size === 0) {
      this.#failures = 0;
      return;
    }
    const reason = [...reasons].join(' · ');
    log.warn('objects cannot be judged anew by changed health rules; it is tried again', { reason });
    const delayMs = backoffMs(this.#failures, 1_000, 60_000, Math.random());
    this.#failures += 1;
    this.#cancel = clock.after(delayMs, () => this.start());
  }

  /** Why a kind could not be looked at, which must not keep the others waiting. */
  async #failureOf(kind: ObjectRef): Promise<string | undefined> {
    try {
      await this.#tools.watches.look(kind);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
