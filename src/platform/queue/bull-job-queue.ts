// Jobs on BullMQ: on Redis, or on its Postgres backend where there is no Redis. One queue per job name.
import { UnrecoverableError, type JobsOptions } from 'bullmq';
import { AppError } from '../errors.ts';
import type { Log } from '../logging/log.ts';
import {
  closeBackend,
  openBackend,
  openQueue,
  openWorker,
  type BullQueue,
  type BullWorker,
  type OpenBackend,
  type QueueBackend,
} from './bull-backend.ts';
import { checkPayload, JobRegistry, type RegisteredJob } from './job-registry.ts';
import { KeptRepeats } from './kept-repeats.ts';
import { JobQueue, TerminalJobError, type JobDefinition, type JobTiming } from './job.ts';

type Named = Pick<JobDefinition<unknown>, 'name' | 'attempts' | 'backoffMs'>;

/** Adds everywhere; runs jobs only after `start`. */
export class BullJobQueue extends JobQueue {
  readonly #backend: OpenBackend;
  readonly #registry = new JobRegistry();
  readonly #queues = new Map<string, BullQueue>();
  readonly #workers: BullWorker[] = [];
  readonly #repeats: KeptRepeats;

  /** `lookEveryMs`: how often it is seen whether what repeats is still there. */
  constructor(
    backend: QueueBackend,
    private readonly log: Log,
    lookEveryMs?: number,
  ) {
    super();
    this.#backend = openBackend(backend, (error) => this.log.warn('the queue lost a connection', { error }));
    this.#repeats = new KeptRepeats(log, lookEveryMs);
  }

  override async add<Payload>(
    job: JobDefinition<Payload>,
    payloads: readonly Payload[],
    timing: JobTiming = {},
  ): Promise<void> {
    if (payloads.length === 0) return;
    const entries = payloads.map((payload) => {
      const data = checkPayload(job, payload);
      return { name: job.name, data, opts: jobOptions(job, job.key(data), timing) };
    });
    await this.#queue(job.name).addBulk(entries);
  }

  override async repeat<Payload>(
    job: JobDefinition<Payload>,
    payload: Payload,
    everyMs: number,
  ): Promise<void> {
    const data = checkPayload(job, payload);
    const template = { name: job.name, data, opts: attemptOptions(job) };
    await this.#repeats.begin({
      queue: this.#queue(job.name),
      id: `${job.name}/${job.key(data)}`,
      everyMs,
      template,
    });
  }

  override implement<Payload>(
    job: JobDefinition<Payload>,
    handler: (payload: Payload) => Promise<void>,
    options: { readonly concurrency?: number } = {},
  ): void {
    this.#registry.add(job, handler, options.concurrency);
  }

  /** Begins to run jobs; throws where a defined job has no handler, or two. */
  async start(): Promise<void> {
    this.#registry.assertComplete();
    for (const job of this.#registry.jobs) this.#workers.push(this.#work(job));
    await Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
    this.#repeats.watch();
  }

  /** Takes no new job and waits for those that run. */
  async drain(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close()));
  }

  async close(): Promise<void> {
    this.#repeats.stop();
    await this.drain();
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    this.#queues.clear();
    await closeBackend(this.#backend);
  }

  #queue(name: string): BullQueue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = openQueue(this.#backend, queueName(name));
    queue.on('error', (error) => this.log.warn('the queue lost its connection', { job: name, error }));
    this.#queues.set(name, queue);
    // BullMQ remembers for good that the first try failed: the next who adds gets another queue.
    queue.waitUntilReady().catch(() => this.#dropUnready(name, queue));
    return queue;
  }

  #dropUnready(name: string, queue: BullQueue): void {
    if (this.#queues.get(name) !== queue) return;
    this.#queues.delete(name);
    queue.close().catch((error: unknown) => this.log.debug('an unready queue was not closed', { error }));
  }

  #work(job: RegisteredJob): BullWorker {
    const { name } = job.definition;
    const worker = openWorker(this.#backend, queueName(name), job.concurrency, (run) => {
      this.log.debug('job starts', { job: name, jobId: run.id });
      return runJob(job, run.data);
    });
    worker.on('error', (error) => this.log.warn('a worker lost its connection', { job: name, error }));
    worker.on('failed', (run, error) => {
      const last = run === undefined || run.attemptsMade >= (run.opts.attempts ?? 1);
      const fields = {
        job: name,
        jobId: run?.id,
        attempt: run?.attemptsMade,
        payload: run?.data as unknown,
        error,
      };
      if (last) this.log.error('job failed for good', fields);
      else this.log.warn('job failed and is tried again', fields);
    });
    return worker;
  }
}

/** A payload that does not fit and a handler's own word end the tries; anything else is tried again. */
async function runJob(job: RegisteredJob, payload: unknown): Promise<void> {
  try {
    await job.run(payload);
  } catch (error) {
    if (error instanceof TerminalJobError) throw new UnrecoverableError(error.message);
    if (error instanceof AppError && error.code === 'INVALID') throw new UnrecoverableError(error.message);
    throw error;
  }
}

/** BullMQ reserves the colon. */
function queueName(job: string): string {
  return `fairlead.${job}`.replaceAll(':', '.');
}

function attemptOptions({ attempts, backoffMs }: Named): JobsOptions {
  return { attempts, backoff: { type: 'exponential', delay: backoffMs, jitter: 0.3 } };
}

function jobOptions(job: Named, key: string, { delayMs = 0, restMs = 0 }: JobTiming): JobsOptions {
  const options = attemptOptions(job);
  if (restMs > 0) {
    return {
      ...options,
      delay: Math.ceil(restMs),
      deduplication: { id: `${key}@rest`, keepLastIfActive: true },
    };
  }
  if (delayMs <= 0) return { ...options, deduplication: { id: key, keepLastIfActive: true } };
  const dueSecond = Math.floor((Date.now() + delayMs) / 1000);
  return { ...options, delay: Math.ceil(delayMs), deduplication: { id: `${key}@${dueSecond}` } };
}
