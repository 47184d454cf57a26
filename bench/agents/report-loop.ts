// The simulated agent's reports: the real agent's queue and pace, with nothing between it and the hub.
import type { InstanceReport } from '@fairlead/protocol/report';
import { pause, type Clock } from '../../agent/src/clock.ts';
import { Bell } from '../../agent/src/hub/bell.ts';
import type { HubApi, Session } from '../../agent/src/hub/hub-api.ts';
import { isPassing } from '../../agent/src/hub/hub-error.ts';
import { reconnectDelayMs } from '../../agent/src/hub/jitter.ts';
import { outgoingReport } from '../../agent/src/hub/report-content.ts';
import { ReportQueue } from '../../agent/src/hub/report-queue.ts';

const TICK_MS = 100;
const LIMIT = { entries: 200, bytes: 500_000 };
const A_DAY_MS = 86_400_000;

/** What the loop works with. */
export interface ReportParts {
  readonly clock: Clock;
  readonly api: HubApi;
  readonly credential: () => string;
  readonly session: () => Session | undefined;
  readonly generation: () => number;
  readonly onReported: (reports: readonly InstanceReport[]) => void;
  /** The hub wants nothing of this session any more. */
  readonly onReplaced: () => void;
  readonly onRemoved: (instances: readonly string[]) => void;
}

/** One per agent. */
export class ReportLoop {
  readonly #parts: ReportParts;
  readonly #queue = new ReportQueue();
  readonly #bell: Bell;
  readonly #removed = new Set<string>();
  #tickMs = TICK_MS;
  #sequence = 0;

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
  }

  /** The last state of an instance. */
  put(report: InstanceReport): void {
    if (this.#queue.put(outgoingReport(report, []))) this.#bell.ring();
  }

  /** Its tombstone was carried out. */
  remove(instance: string): void {
    this.#queue.forget(instance);
    this.#removed.add(instance);
    this.#bell.ring();
  }

  /** Until the signal is aborted; rejects where the hub refuses a report. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      if (this.#isIdle()) await this.#bell.wait(A_DAY_MS, signal);
      await pause(this.#parts.clock, this.#tickMs, signal);
      if (signal.aborted || this.#isIdle()) continue;
      failures = (await this.#send()) ? 0 : failures + 1;
      if (failures > 0) await pause(this.#parts.clock, reconnectDelayMs(failures, Math.random()), signal);
    }
  }

  #isIdle(): boolean {
    return this.#queue.isEmpty && this.#removed.size === 0;
  }

  /** Whether the hub has taken it. */
  async #send(): Promise<boolean> {
    const { api, credential, session, generation, onReported, onReplaced, onRemoved } = this.#parts;
    const current = session();
    if (!current) return false;
    const [reports, removed] = [this.#queue.next(LIMIT), [...this.#removed]];
    this.#sequence += 1;
    const head = { session: current.session, sequence: this.#sequence, appliedGeneration: generation() };
    const batch = { ...head, instances: reports, acknowledgedInstructions: [], removedInstances: removed };
    try {
      const { verdicts, nextReportMs } = await api.report(batch, credential());
      this.#tickMs = Math.max(TICK_MS, nextReportMs);
      if (reports.length > 0 && verdicts.every((verdict) => verdict === 'STALE')) {
        onReplaced();
        return false;
      }
      this.#queue.acknowledge(reports);
      for (const instance of removed) this.#removed.delete(instance);
      if (removed.length > 0) onRemoved(removed);
      onReported(reports.filter((_, index) => verdicts[index] !== 'STALE'));
      return true;
    } catch (error) {
      if (isPassing(error)) return false;
      throw error;
    }
  }
}
