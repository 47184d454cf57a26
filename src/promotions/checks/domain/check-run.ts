// How a check's single answers become its end: enough good ones, enough bad ones, or no more time.
import type { CheckRule, GateRule } from '../../../policies/domain/policy-step.ts';

/** RUNNING goes on by itself; the others are final. INCONCLUSIVE: nobody could tell, so it never passes. */
export type CheckState = 'RUNNING' | 'PASSED' | 'FAILED' | 'INCONCLUSIVE';

/** A gate that an outside system answers by a signed call. */
export type WebhookRule = Extract<GateRule, { kind: 'webhook' }>;

/** What a run asks. */
export type RunRule = CheckRule | WebhookRule;

/** How far a run has come. */
export interface RunTally {
  readonly successes: number;
  readonly failures: number;
  /** In a row; an attempt that tells something begins anew. */
  readonly unknowns: number;
}

/**
 * What one attempt told. SUCCESS, FAILURE and UNKNOWN (no answer, no value) are counted; WAIT counts nothing: somebody
 * else is at it. PASSED, FAILED and INCONCLUSIVE end the run at once.
 */
export interface AttemptOutcome {
  readonly verdict: 'SUCCESS' | 'FAILURE' | 'UNKNOWN' | 'WAIT' | Exclude<CheckState, 'RUNNING'>;
  /** One sentence with what was seen; never a secret. */
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A run after an attempt; `nextInMs` is null where it has ended. */
export interface RunProgress extends RunTally {
  readonly state: CheckState;
  readonly message: string;
  readonly nextInMs: number | null;
}

/** A metric that has no value this many times in a row will not get one by being asked again. */
export const MAX_UNKNOWN_MEASUREMENTS = 3;

const DEFAULT_JOB_MS = 10 * 60_000;
/** For an agent that is busy, or away for a moment. */
const JOB_HANDOVER_MS = 2 * 60_000;
const MEASUREMENT_SLACK_MS = 60_000;
const FIRST_DELIVERY_RETRY_MS = 5_000;
const LONGEST_DELIVERY_RETRY_MS = 5 * 60_000;
const JOB_LOOK_MS = 5_000;

/** Milliseconds from a run's beginning until it is INCONCLUSIVE for want of an end. */
export function budgetMs(rule: RunRule): number {
  switch (rule.kind) {
    case 'http':
      return rule.timeoutMs;
    case 'metric':
      return (rule.count + MAX_UNKNOWN_MEASUREMENTS) * rule.intervalMs + MEASUREMENT_SLACK_MS;
    case 'job':
      return jobDeadlineMs(rule.job) + JOB_HANDOVER_MS;
    case 'webhook':
      return rule.expiresMs;
  }
}

/** How long a Job may take: its `activeDeadlineSeconds`, or ten minutes. */
export function jobDeadlineMs(job: unknown): number {
  const seconds = specOf(job)['activeDeadlineSeconds'];
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : DEFAULT_JOB_MS;
}

/** The `spec` of a Job that was written whole or as its spec alone. */
export function specOf(job: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(job)) return {};
  return isRecord(job['spec']) ? job['spec'] : job;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes one attempt into account. `leftMs`: until the deadline. */
export function afterAttempt(
  rule: RunRule,
  before: RunTally,
  outcome: AttemptOutcome,
  leftMs: number,
): RunProgress {
  const tally = counted(rule, before, outcome.verdict);
  const state = endOf(rule, tally, outcome.verdict);
  if (state !== 'RUNNING') return { ...tally, state, message: outcome.message, nextInMs: null };
  if (leftMs <= 0) return { ...tally, ...timeIsOver(rule, outcome.message) };
  const nextInMs = Math.min(pauseMs(rule, tally), leftMs);
  return { ...tally, state, message: outcome.message, nextInMs };
}

function timeIsOver(rule: RunRule, last: string) {
  const why =
    rule.kind === 'webhook' ? 'Nobody answered in time.' : 'Its time is over without a clear answer.';
  return {
    state: 'INCONCLUSIVE',
    message: last === '' ? why : `${why} Last: ${last}`,
    nextInMs: null,
  } as const;
}

function counted(rule: RunRule, before: RunTally, verdict: AttemptOutcome['verdict']): RunTally {
  const { successes, failures, unknowns } = before;
  // An HTTP check wants its answers in a row, as probes do; a metric's measurements are counted over the whole run.
  const keeps = rule.kind !== 'http';
  if (verdict === 'SUCCESS') {
    return { successes: successes + 1, failures: keeps ? failures : 0, unknowns: 0 };
  }
  if (verdict === 'FAILURE') {
    return { successes: keeps ? successes : 0, failures: failures + 1, unknowns: 0 };
  }
  if (verdict !== 'UNKNOWN') return { ...before, unknowns: 0 };
  return { successes: keeps ? successes : 0, failures, unknowns: unknowns + 1 };
}

function endOf(rule: RunRule, tally: RunTally, verdict: AttemptOutcome['verdict']): CheckState {
  if (verdict === 'PASSED' || verdict === 'FAILED' || verdict === 'INCONCLUSIVE') return verdict;
  if (rule.kind === 'http') return httpEnd(rule, tally);
  if (rule.kind === 'metric') return metricEnd(rule, tally);
  return 'RUNNING';
}

function httpEnd(rule: Extract<RunRule, { kind: 'http' }>, { successes, failures }: RunTally): CheckState {
  if (failures >= rule.failures) return 'FAILED';
  return successes >= rule.successes ? 'PASSED' : 'RUNNING';
}

function metricEnd(rule: Extract<RunRule, { kind: 'metric' }>, tally: RunTally): CheckState {
  if (tally.failures >= rule.failures) return 'FAILED';
  if (tally.unknowns >= MAX_UNKNOWN_MEASUREMENTS) return 'INCONCLUSIVE';
  return tally.successes + tally.failures >= rule.count ? 'PASSED' : 'RUNNING';
}

function pauseMs(rule: RunRule, { unknowns }: RunTally): number {
  switch (rule.kind) {
    case 'http':
    case 'metric':
      return rule.intervalMs;
    case 'job':
      return JOB_LOOK_MS;
    case 'webhook':
      // Delivered: only the deadline is left to be looked at.
      return unknowns === 0
        ? Number.MAX_SAFE_INTEGER
        : Math.min(FIRST_DELIVERY_RETRY_MS * 2 ** Math.min(unknowns - 1, 10), LONGEST_DELIVERY_RETRY_MS);
  }
}
