// Which handler runs which job. Pure bookkeeping, so that a missing or doubled handler is found at start.
import { invalid } from '../errors.ts';
import { definedJobs, type JobDefinition } from './job.ts';

/** A handler with its payload's type forgotten; the check in front of it restores it. */
export interface RegisteredJob {
  readonly definition: Pick<JobDefinition<unknown>, 'name' | 'attempts' | 'backoffMs'>;
  readonly concurrency: number;
  readonly run: (payload: unknown) => Promise<void>;
}

/** One per queue. */
export class JobRegistry {
  readonly #jobs = new Map<string, RegisteredJob>();
  readonly #doubled: string[] = [];

  add<Payload>(
    definition: JobDefinition<Payload>,
    handler: (payload: Payload) => Promise<void>,
    concurrency = 1,
  ): void {
    const { name } = definition;
    if (this.#jobs.has(name)) this.#doubled.push(name);
    const run = async (payload: unknown): Promise<void> => handler(checkPayload(definition, payload));
    this.#jobs.set(name, { definition, concurrency, run });
  }

  get jobs(): readonly RegisteredJob[] {
    return [...this.#jobs.values()];
  }

  /** Throws where a defined job has no handler or two: it would wait for ever, or run half. */
  assertComplete(defined: readonly string[] = definedJobs()): void {
    const missing = defined.filter((name) => !this.#jobs.has(name));
    const problems = [
      ...missing.map((name) => `the job "${name}" has no handler`),
      ...this.#doubled.map((name) => `the job "${name}" has two handlers`),
    ];
    if (problems.length > 0) throw new Error(`The worker cannot start: ${problems.join('; ')}.`);
  }
}

/** The payload as its schema gives it back; INVALID, naming the job, where it does not fit. */
export function checkPayload<Payload>(job: JobDefinition<Payload>, payload: unknown): Payload {
  const parsed = job.schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`,
  );
  throw invalid(`job "${job.name}"`, problems);
}
