// A check from GraphQL's words to the domain's, with every default in its place.
import type { CheckRule } from '../domain/policy-step.ts';
import {
  httpDefaults,
  metricDefaults,
  type CheckInput,
  type HttpCheckInput,
  type MetricCheckInput,
} from './check.inputs.ts';

/** Takes what is wrong with the form of an input; sentences for a person. */
export type Complain = (problem: string) => void;

/** `undefined` where not exactly one of its kinds is given: `complain` hears of it. */
export function toCheck({ name, http, metric, job }: CheckInput, complain: Complain): CheckRule | undefined {
  const given = [http, metric, job].filter((kind) => kind !== null && kind !== undefined);
  if (given.length !== 1) {
    complain(`check "${name}" must have exactly one of http, metric and job.`);
    return undefined;
  }
  if (http) return { name, kind: 'http', ...toHttp(http) };
  if (metric) return { name, kind: 'metric', ...toMetric(metric) };
  return { name, kind: 'job', job };
}

/** All of a list; none where it is left out. */
export function toChecks(inputs: readonly CheckInput[] | null | undefined, complain: Complain): CheckRule[] {
  return (inputs ?? []).flatMap((input) => toCheck(input, complain) ?? []);
}

function toHttp(input: HttpCheckInput) {
  const { url, method, expectStatus, expectJson, interval, timeout, successes, failures } = input;
  return {
    url,
    method: (method ?? httpDefaults.method).toUpperCase(),
    expectStatus: expectStatus ?? httpDefaults.expectStatus,
    expectJson: expectJson ?? null,
    intervalMs: interval ?? httpDefaults.interval,
    timeoutMs: timeout ?? httpDefaults.timeout,
    successes: successes ?? httpDefaults.successes,
    failures: failures ?? httpDefaults.failures,
  };
}

function toMetric({ prometheus, query, condition, interval, count, failures }: MetricCheckInput) {
  return {
    prometheus,
    query,
    condition,
    intervalMs: interval ?? metricDefaults.interval,
    count: count ?? metricDefaults.count,
    failures: failures ?? metricDefaults.failures,
  };
}
