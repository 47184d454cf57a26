// What is still to be told to the hub: the last state of each instance, never a history. Pure but for its own memory.
import type { InstanceReport } from '@fairlead/protocol/report';

/** A report with the hash of its content, by which the hub and this queue see that nothing changed. */
export interface HashedReport extends InstanceReport {
  readonly contentHash: string;
  /** About how much of a message it fills. */
  readonly bytes: number;
}

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

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Takes a state; whether there is now something to send. */
  put(report: HashedReport): boolean {
    const { instance, contentHash } = report;
    this.#latest.set(instance, report);
    // It may have changed and changed back before anybody was told.
    if (this.#acknowledged.get(instance) === contentHash) this.#waiting.delete(instance);
    else this.#waiting.add(instance);
    return !this.isEmpty;
  }

  /** The longest waiting ones; they go on waiting until they are acknowledged. */
  next(limit: BatchLimit): readonly HashedReport[] {
    const batch: HashedReport[] = [];
    let bytes = 0;
    for (const instance of this.#waiting) {
      const report = this.#latest.get(instance);
      if (!report) continue;
      bytes += report.bytes;
      if (batch.length >= limit.entries || (batch.length > 0 && bytes > limit.bytes)) break;
      batch.push(report);
    }
    return batch;
  }

  /** The hub has these. What changed since they were sent goes on waiting. */
  acknowledge(batch: readonly HashedReport[]): void {
    for (const { instance, contentHash } of batch) {
      this.#acknowledged.set(instance, contentHash);
      if (this.#latest.get(instance)?.contentHash === contentHash) this.#waiting.delete(instance);
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
  }
}
