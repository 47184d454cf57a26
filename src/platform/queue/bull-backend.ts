// Where BullMQ keeps its jobs: Redis, or Postgres where there is no Redis. The rest of the queue sees no difference.
import {
  createPostgresBackend,
  Queue,
  Worker,
  type ConnectionOptions,
  type Job,
  type JobsOptions,
  type RepeatOptions,
} from 'bullmq';

/** Where the jobs live. */
export type QueueBackend = { readonly redisUrl: string } | { readonly databaseUrl: string };

/** A job as BullMQ takes it. */
export interface BullJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions;
}

/** What is used of BullMQ's Queue. */
export interface BullQueue {
  addBulk(jobs: BullJob[]): Promise<unknown>;
  upsertJobScheduler(id: string, repeat: Omit<RepeatOptions, 'key'>, template: BullJob): Promise<unknown>;
  getJobScheduler(id: string): Promise<object | undefined>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of BullMQ's Worker. */
export interface BullWorker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error, previous: string) => void): unknown;
}

/**
 * A job belongs to its worker for this long after the worker's last sign of life. Short, because nothing else is done
 * under the same key until then: a release or a promotion stands still after a kill -9. Every job may run twice.
 */
const LOCK_MS = 6_000;
/** How often jobs of workers that died are looked for; they run again elsewhere. */
const LOOK_FOR_STALLED_MS = 2_000;
/** A job that takes its worker down with it every time is given up in the end. */
const MOST_STALLS = 5;

const workerTimes = {
  lockDuration: LOCK_MS,
  stalledInterval: LOOK_FOR_STALLED_MS,
  maxStalledCount: MOST_STALLS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 100, age: 86_400 },
};

/** The queue of one job name. */
export function openQueue(backend: QueueBackend, name: string): BullQueue {
  if ('redisUrl' in backend) return new Queue(name, redisOptions(backend.redisUrl));
  return new Queue(name, postgresOptions(backend.databaseUrl), createPostgresBackend);
}

/** A worker of one job name; it begins at once. */
export function openWorker(
  backend: QueueBackend,
  name: string,
  concurrency: number,
  run: (job: Pick<Job, 'id' | 'data'>) => Promise<void>,
): BullWorker {
  if ('redisUrl' in backend) {
    return new Worker(name, run, { ...redisOptions(backend.redisUrl), ...workerTimes, concurrency });
  }
  const options = { ...postgresOptions(backend.databaseUrl), ...workerTimes, concurrency };
  return new Worker(name, run, options, createPostgresBackend);
}

/**
 * Each queue and worker has a pool of its own: small ones. Their commits do not wait for the disk: what a crash of the
 * database takes back is that a job ended, and every job may run twice; that one was added is on disk before the notice
 * is removed that asked for it, because the log is written in order.
 */
function postgresOptions(connectionString: string) {
  const options = '-c synchronous_commit=off';
  return {
    connection: { connectionString, max: 3, migrate: true, application_name: 'fairlead-queue', options },
  };
}

function redisOptions(redisUrl: string): { readonly prefix: string; readonly connection: ConnectionOptions } {
  const url = new URL(redisUrl);
  const connection = {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    // BullMQ wants to wait for Redis itself.
    maxRetriesPerRequest: null,
  };
  return { prefix: 'fairlead', connection };
}
