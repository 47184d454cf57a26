// What is repeated, kept alive: a Redis that was emptied, or came back without its data, knows nothing of it any more,
// and everything that is found by looking now and then would stand still until the next start of the hub.
import type { Log } from '../logging/log.ts';
import type { BullJob, BullQueue } from './bull-backend.ts';

const LOOK_EVERY_MS = 10_000;

/** A job that is added again and again; the same `id` is one repetition in all processes. */
export interface Repetition {
  readonly id: string;
  readonly everyMs: number;
  readonly job: BullJob;
}

/** Those that this process asked for. */
export class Repetitions {
  readonly #queueOf: (jobName: string) => BullQueue;
  readonly #log: Log;
  readonly #asked: Repetition[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(queueOf: (jobName: string) => BullQueue, log: Log) {
    this.#queueOf = queueOf;
    this.#log = log;
  }

  /** Begins it, and from then on begins it again wherever it is found to be lost. */
  async add(repetition: Repetition): Promise<void> {
    await this.#begin(repetition);
    this.#asked.push(repetition);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  /** What is repeated stays so, for other processes and the next start. */
  close(): void {
    clearInterval(this.#timer);
  }

  #begin({ id, everyMs, job }: Repetition): Promise<unknown> {
    return this.#queueOf(job.name).upsertJobScheduler(id, { every: everyMs }, job);
  }

  /** While the queue is away a question waits for it: a second one would learn no more. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const repetition of this.#asked) await this.#beginWhereLost(repetition);
    } catch (error) {
      this.#log.warn('whether all is repeated that should be could not be seen; it is looked at again', {
        error,
      });
    }
    this.#isLooking = false;
  }

  /** One that goes on is left alone: to begin it anew would move its next time. */
  async #beginWhereLost(repetition: Repetition): Promise<void> {
    const { id, job } = repetition;
    if (await this.#queueOf(job.name).getJobScheduler(id)) return;
    this.#log.warn('the queue had lost a job that is repeated, which is repeated again', { job: job.name });
    await this.#begin(repetition);
  }
}
