// What is still to be told to the hub: the last state of each instance, and every episode of drift that ended. Pure but
// for its own memory.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { EndedEpisodes } from './ended-episodes.ts';
import { withEnded } from './report-content.ts';
import type { HashedReport, SentReport } from './sent-report.ts';

/** How much one message may hold; a report that is larger by itself goes alone. */
export interface BatchLimit {
  readonly entries: number;
  readonly bytes: number;
}

/** Reports by instance. A full queue cannot be: a newer state takes the place of the older one. */
export class ReportQueue {
  readonly #latest = new Map<string, HashedReport>();
  readonly #waiting = new Set<string>();
  readonly #acknowledged = new Map<string, string>();
  readonly #ended: EndedEpisodes;

  /** `kept`: episodes that an earlier life of the agent could not tell any more. */
  constructor(kept?: ReadonlyMap<string, readonly ReportedDrift[]>) {
    this.#ended = new EndedEpisodes(kept);
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Takes a state; whether there is now something to send. */
  put(report: HashedReport): boolean {
    const { instance } = report;
    this.#latest.set(instance, report);
    // It may have changed and changed back before anybody was told.
    if (this.#isTold(instance)) this.#waiting.delete(instance);
    else this.#waiting.add(instance);
    return !this.isEmpty;
  }

  /** Takes an episode that ended; it waits for the instance's state to travel with. Whether an older one was dropped. */
  end(instance: string, episode: ReportedDrift): boolean {
    if (this.#latest.has(instance)) this.#waiting.add(instance);
    return this.#ended.add(instance, episode);
  }

  /** The longest waiting ones; they go on waiting until they are acknowledged. */
  next(limit: BatchLimit): readonly SentReport[] {
    const batch: SentReport[] = [];
    let bytes = 0;
    for (const instance of this.#waiting) {
      const state = this.#latest.get(instance);
      if (!state) continue;
      const report = withEnded(state, this.#ended.next(instance));
      bytes += report.bytes;
      if (batch.length >= limit.entries || (batch.length > 0 && bytes > limit.bytes)) break;
      batch.push(report);
      // The hub may have it from now on, whether or not its answer comes: what it knew before is no longer known.
      if (!this.#isAcknowledged(state)) this.#acknowledged.delete(instance);
    }
    return batch;
  }

  /** The hub has these. What changed since they were sent goes on waiting. */
  acknowledge(batch: readonly SentReport[]): void {
    for (const { instance, stateHash, ended } of batch) {
      this.#acknowledged.set(instance, stateHash);
      this.#ended.taken(instance, ended);
      if (this.#isTold(instance)) this.#waiting.delete(instance);
    }
  }

  /** The hub may know less than it said: another session or another database. Everything is told again. */
  repeatAll(): void {
    this.#acknowledged.clear();
    for (const instance of this.#latest.keys()) this.#waiting.add(instance);
  }

  /** The instance is not kept any more: there is nothing to say of it. */
  forget(instance: string): void {
    this.#latest.delete(instance);
    this.#waiting.delete(instance);
    this.#acknowledged.delete(instance);
    this.#ended.forget(instance);
  }

  /** The last state of an instance. */
  stateOf(instance: string): HashedReport | undefined {
    return this.#latest.get(instance);
  }

  /** Differences that are open, by instance. */
  open(): ReadonlyMap<string, readonly ReportedDrift[]> {
    const open = [...this.#latest].map(([instance, { drift }]) => [instance, drift ?? []] as const);
    return new Map(open.filter(([, drift]) => drift.length > 0));
  }

  /** Episodes that the hub has not taken in. */
  ended(): ReadonlyMap<string, readonly ReportedDrift[]> {
    return this.#ended.all();
  }

  #isTold(instance: string): boolean {
    const state = this.#latest.get(instance);
    return state !== undefined && this.#isAcknowledged(state) && !this.#ended.has(instance);
  }

  #isAcknowledged({ instance, contentHash }: HashedReport): boolean {
    return this.#acknowledged.get(instance) === contentHash;
  }
}
