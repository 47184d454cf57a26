// Runs the Jobs of checks: makes each once, waits for its end, and says how it ended.
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { pause, type Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import {
  checkJob,
  outcomeOf,
  readJobRequest,
  type CheckPlace,
  type JobOutcome,
  type JobRequest,
} from './check-job.ts';

const LOOK_EVERY_MS = 2_000;

/** What the runner works with. */
export interface JobRunnerParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: whoever installed the agent has given checks no place. */
  readonly place: CheckPlace | undefined;
}

/** One per agent. */
export class JobRunner {
  readonly #parts: JobRunnerParts;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /**
   * Never throws: what cannot be run is an ERROR with its reason. Run again, it finds the Job that is there. `untilMs`: by
   * the agent's own clock, since the epoch.
   */
  async run(instruction: string, payload: unknown, untilMs: number): Promise<JobOutcome> {
    const { place } = this.#parts;
    const request = readJobRequest(payload);
    if (!request) return { state: 'ERROR', message: 'its agent does not understand this Job; upgrade it' };
    if (!place) {
      return {
        state: 'ERROR',
        message: 'its agent runs no Jobs: set checks.enabled in the chart of the agent',
      };
    }
    try {
      return await this.#run(instruction, request, place, untilMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { state: 'ERROR', message: `its Job could not be run: ${reason}` };
    }
  }

  async #run(
    instruction: string,
    request: JobRequest,
    place: CheckPlace,
    untilMs: number,
  ): Promise<JobOutcome> {
    const { clock, log } = this.#parts;
    const job = checkJob(instruction, request, place);
    const { check, application, environment, release } = request;
    const fields = { instruction, job: job.metadata.name, check, application, environment, release };
    if (await this.#make(job)) log.info("a check's Job is made", fields);
    const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: place.namespace, name: job.metadata.name };
    while (clock.now() < untilMs) {
      const outcome = await this.#look(ref);
      if (outcome) {
        log.info("a check's Job has ended", { ...fields, state: outcome.state });
        return outcome;
      }
      await pause(clock, LOOK_EVERY_MS);
    }
    return { state: 'ERROR', message: 'its Job did not end in time' };
  }

  /** False where it was there already: the agent has started anew since. */
  async #make(job: ReturnType<typeof checkJob>): Promise<boolean> {
    try {
      await this.#parts.kube.create(job);
      return true;
    } catch (error) {
      if (isKubeError(error, 409)) return false;
      throw error;
    }
  }

  async #look(ref: ObjectRef): Promise<JobOutcome | undefined> {
    try {
      const job = await this.#parts.kube.get(ref);
      return job ? outcomeOf(job) : { state: 'ERROR', message: 'its Job was deleted before it ended' };
    } catch (error) {
      // An API server that is away for a moment says nothing of the Job.
      if (isKubeError(error, 0, 429, 500, 502, 503, 504)) return undefined;
      throw error;
    }
  }
}
