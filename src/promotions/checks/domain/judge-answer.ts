// What one answer of the world outside tells a check. Messages name the host alone: paths and queries may hold secrets.
import type { CheckRule } from '../../../policies/domain/policy-step.ts';
import { parseCondition } from '../../../policies/domain/metric-condition.ts';
import type { AttemptOutcome } from './check-run.ts';
import { firstMismatch } from './json-contains.ts';

/** What the outbound client answers; a REFUSED address stays refused, SILENT says nothing of the thing asked. */
export type Answer =
  | { readonly kind: 'ANSWER'; readonly status: number; readonly body: string; readonly truncated: boolean }
  | { readonly kind: 'REFUSED' | 'SILENT'; readonly message: string };

type HttpRule = Extract<CheckRule, { kind: 'http' }>;
type MetricRule = Extract<CheckRule, { kind: 'metric' }>;

const NAMED_VALUES = 5;

/** SUCCESS: the expected status, and the expected JSON where some is. Silence is no evidence, so it is UNKNOWN. */
export function judgeHttp(rule: HttpRule, answer: Answer): AttemptOutcome {
  if (answer.kind !== 'ANSWER') return noAnswer(answer);
  const { status } = answer;
  const said = `${rule.method} ${hostOf(rule.url)} answered ${status}`;
  const evidence = { host: hostOf(rule.url), status };
  if (status !== rule.expectStatus) {
    return { verdict: 'FAILURE', message: `${said}, not ${rule.expectStatus}.`, evidence };
  }
  const problem = jsonProblem(rule.expectJson, answer);
  if (problem === undefined) return { verdict: 'SUCCESS', message: `${said}.`, evidence };
  return { verdict: 'FAILURE', message: `${said}, but ${problem}.`, evidence: { ...evidence, problem } };
}

function jsonProblem(
  expected: unknown,
  { body, truncated }: Extract<Answer, { kind: 'ANSWER' }>,
): string | undefined {
  if (expected === null || expected === undefined) return undefined;
  if (truncated) return 'its body is larger than 1 MiB';
  const json = parsed(body);
  if (json === undefined) return 'its body is no JSON';
  const mismatch = firstMismatch(expected, json);
  return mismatch === undefined ? undefined : `its JSON differs from what is expected at ${mismatch}`;
}

/** One measurement. No series, NaN, an error of the query or of the server: UNKNOWN, never a pass. */
export function judgeMetric(rule: MetricRule, answer: Answer): AttemptOutcome {
  if (answer.kind !== 'ANSWER') return noAnswer(answer);
  const host = hostOf(rule.prometheus);
  const values = valuesOf(answer);
  if (typeof values === 'string') return unknown(`Prometheus at ${host} ${values}.`, host);
  if (values.length === 0) return unknown(`The query at ${host} found no series.`, host);
  if (!values.every(Number.isFinite))
    return unknown(`The query at ${host} has no number (NaN or infinite).`, host);
  const holds = parseCondition(rule.condition);
  if (!holds) {
    const message = `The condition "${rule.condition}" is no comparison with a number.`;
    return { verdict: 'INCONCLUSIVE', message, evidence: { host } };
  }
  const bad = values.filter((value) => !holds(value));
  const evidence = { host, condition: rule.condition, values: values.slice(0, NAMED_VALUES) };
  if (bad.length === 0) {
    return {
      verdict: 'SUCCESS',
      message: `${named(values)} ${isOrAre(values)} ${rule.condition}.`,
      evidence,
    };
  }
  return { verdict: 'FAILURE', message: `${named(bad)} ${isOrAre(bad)} not ${rule.condition}.`, evidence };
}

/** The values of an instant query's answer, or what is wrong with it, in words. */
function valuesOf({ status, body }: Extract<Answer, { kind: 'ANSWER' }>): number[] | string {
  const json = parsed(body) as PrometheusAnswer | null | undefined;
  if (json?.status !== 'success') return `answered ${status}${json?.errorType ? `: ${json.errorType}` : ''}`;
  const { resultType, result } = json.data ?? {};
  if (resultType === 'scalar' && Array.isArray(result)) return [Number(result[1])];
  if (resultType !== 'vector' || !Array.isArray(result)) {
    return 'answered neither a scalar nor an instant vector';
  }
  return result.map((series: { readonly value?: readonly unknown[] } | null) =>
    Number(series?.value?.[1] ?? NaN),
  );
}

interface PrometheusAnswer {
  readonly status?: unknown;
  readonly errorType?: string;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

function noAnswer({ kind, message }: Extract<Answer, { kind: 'REFUSED' | 'SILENT' }>): AttemptOutcome {
  // To ask again would end the same: a person must change the policy or the hub's settings.
  return { verdict: kind === 'REFUSED' ? 'INCONCLUSIVE' : 'UNKNOWN', message, evidence: {} };
}

function unknown(message: string, host: string): AttemptOutcome {
  return { verdict: 'UNKNOWN', message, evidence: { host } };
}

function named(values: readonly number[]): string {
  const more = values.length > NAMED_VALUES ? ` and ${values.length - NAMED_VALUES} more` : '';
  return `${values.slice(0, NAMED_VALUES).join(', ')}${more}`;
}

function isOrAre(values: readonly number[]): string {
  return values.length === 1 ? 'is' : 'are';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the address';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
