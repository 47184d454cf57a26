// What repeats is kept in the queue alone. A queue that somebody emptied, or a Redis that forgot, would never tick again
// until the next start: so a process that works looks now and then whether it is still there.
import type { Log } from '../logging/log.ts';
import type { BullJob, BullQueue } from './bull-backend.ts';

/** A job that comes again and again. */
export interface Repeat {
  readonly queue: BullQueue;
  readonly id: string;
  readonly everyMs: number;
  readonly template: BullJob;
}

const LOOK_EVERY_MS = 15_000;
/** A busy worker is late by less than this; what is later has lost the job that would have brought the next. */
const LATE_MS = 60_000;

export class KeptRepeats {
  readonly #log: Log;
  readonly #lookEveryMs: number;
  readonly #repeats = new Map<string, Repeat>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(log: Log, lookEveryMs = LOOK_EVERY_MS) {
    this.#log = log;
    this.#lookEveryMs = lookEveryMs;
  }

  /** One in all, however many processes begin it. */
  async begin(repeat: Repeat): Promise<void> {
    this.#repeats.set(repeat.id, repeat);
    await write(repeat);
  }

  /** From now on what is lost is written again. */
  watch(): void {
    this.#timer ??= setInterval(() => void this.#look(), this.#lookEveryMs).unref();
  }

  /** What repeats goes on, for other processes and the next start. A look that waits for a queue that is away is not waited for. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** While the queue is away a question waits for it: a second one would learn no more. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const repeat of this.#repeats.values()) await this.#writeWhereLost(repeat);
    this.#isLooking = false;
  }

  async #writeWhereLost(repeat: Repeat): Promise<void> {
    try {
      if (!(await isLost(repeat))) return;
      await write(repeat);
      this.#log.warn('the queue had lost what repeats; it repeats again', { job: repeat.id });
    } catch (error) {
      if (!this.#isStopped) this.#log.warn('what repeats could not be looked for', { job: repeat.id, error });
    }
  }
}

async function write({ queue, id, everyMs, template }: Repeat): Promise<void> {
  await queue.upsertJobScheduler(id, { every: everyMs }, template);
}

async function isLost({ queue, id, everyMs }: Repeat): Promise<boolean> {
  const known = await queue.getJobScheduler(id);
  return known?.next === undefined || known.next < Date.now() - everyMs - LATE_MS;
}
