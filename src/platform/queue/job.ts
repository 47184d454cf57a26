// What a job is: a name, a checked payload, and a key under which doubled requests become one. Every job may run twice.
import type { z } from 'zod';

/** Declared once beside the feature that owns it, as `<noun>-jobs.ts`. */
export interface JobDefinition<Payload> {
  readonly name: string;
  /** Checked when the job is added and again when it runs: the queue may hold what an older build wrote. */
  readonly schema: z.ZodType<Payload>;
  /**
   * While a job with this key waits, another is not added. One that is running does not count, but the next waits for
   * it. Delayed jobs have keys of their own by due second: a later wake-up never swallows an earlier one.
   */
  readonly key: (payload: Payload) => string;
  /** Runs of one job in all, the first included. */
  readonly attempts: number;
  readonly backoffMs: number;
}

const defined = new Set<string>();

/** Every job that was defined in this process: a worker checks at start that each has its handler. */
export function definedJobs(): readonly string[] {
  return [...defined];
}

/** Gives a definition its type, and its place among the jobs that a worker must know. */
export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  if (defined.has(definition.name)) throw new Error(`The job "${definition.name}" is defined twice.`);
  defined.add(definition.name);
  return definition;
}

/** When an added job runs; at once where nothing is said. */
export interface JobTiming {
  /** After this time, however many others with its key wait for other seconds. */
  readonly delayMs?: number;
  /** After this rest, together with all that are added with a rest until it runs; what is added while it runs follows it. */
  readonly restMs?: number;
}

/** The queue, as features see it. Redis or Postgres behind it. */
export abstract class JobQueue {
  abstract add<Payload>(
    job: JobDefinition<Payload>,
    payloads: readonly Payload[],
    timing?: JobTiming,
  ): Promise<void>;
  /** Adds one every `everyMs`, also across restarts and replicas: one in all, not one per process. */
  abstract repeat<Payload>(job: JobDefinition<Payload>, payload: Payload, everyMs: number): Promise<void>;
  /** Registers the one handler of a job; a defined job without one, or with two, stops the worker at start. */
  abstract implement<Payload>(
    job: JobDefinition<Payload>,
    handler: (payload: Payload) => Promise<void>,
    options?: { readonly concurrency?: number },
  ): void;
}

/** Throw it in a handler to say that another try would end the same. */
export class TerminalJobError extends Error {}
