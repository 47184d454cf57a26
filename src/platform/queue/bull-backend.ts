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
import { QueueConnections } from './queue-connections.ts';

/** Where the jobs live. */
export type QueueBackend = { readonly redisUrl: string } | { readonly databaseUrl: string };

/** The same, with the connections that all queues and workers of this process share. */
export type OpenBackend = { readonly redisUrl: string } | { readonly connections: QueueConnections };

/** Connects when it is first used; `onError` is told of idle connections that broke. */
export function openBackend(backend: QueueBackend, onError: (error: Error) => void): OpenBackend {
  if ('redisUrl' in backend) return backend;
  return { connections: new QueueConnections(backend.databaseUrl, onError) };
}

/** After all queues and workers were closed. */
export async function closeBackend(backend: OpenBackend): Promise<void> {
  if ('connections' in backend) await backend.connections.end();
}

/** A job as BullMQ takes it. */
export interface BullJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions;
}

/** What is used of BullMQ's Queue. */
export interface BullQueue {
  waitUntilReady(): Promise<unknown>;
  addBulk(jobs: BullJob[]): Promise<unknown>;
  upsertJobScheduler(id: string, repeat: Omit<RepeatOptions, 'key'>, template: BullJob): Promise<unknown>;
  /** `next`: when it is due, in milliseconds since 1970. */
  getJobScheduler(id: string): Promise<{ readonly next?: number } | undefined>;
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
export function openQueue(backend: OpenBackend, name: string): BullQueue {
  if ('redisUrl' in backend) return new Queue(name, redisOptions(backend.redisUrl));
  return new Queue(name, { connection: backend.connections }, createPostgresBackend);
}

/** A worker of one job name; it begins at once. */
export function openWorker(
  backend: OpenBackend,
  name: string,
  concurrency: number,
  run: (job: Pick<Job, 'id' | 'data'>) => Promise<void>,
): BullWorker {
  if ('redisUrl' in backend) {
    return new Worker(name, run, { ...redisOptions(backend.redisUrl), ...workerTimes, concurrency });
  }
  const options = { connection: backend.connections, ...workerTimes, concurrency };
  return new Worker(name, run, options, createPostgresBackend);
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
