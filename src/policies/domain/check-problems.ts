// What can be wrong with a check or a webhook: addresses, conditions, counts, a Job that is none.
import { parseCondition } from './metric-condition.ts';
import type { CheckRule, GateRule } from './policy-step.ts';
import { doubled, stepNameProblem } from './step-names.ts';

const MIN_INTERVAL_MS = 1_000;
const methods = ['GET', 'HEAD', 'POST', 'PUT'];

/** Problems of a step's or a wave's verification: of each check, and of two with one name. */
export function verificationProblems(checks: readonly CheckRule[]): string[] {
  const names = checks.map(({ name }) => name);
  return [
    ...doubled(names).map((name) => `two checks have the name "${name}".`),
    ...checks.flatMap((check) => checkProblems(check).map((problem) => `check "${check.name}": ${problem}`)),
  ];
}

/** Problems of one check. */
export function checkProblems(check: CheckRule): string[] {
  const name = stepNameProblem(check.name);
  return [...(name === undefined ? [] : [name]), ...problemsOfKind(check)];
}

/** Problems of a webhook gate. */
export function webhookProblems(rule: Extract<GateRule, { kind: 'webhook' }>): string[] {
  return [
    ...urlProblems('url', rule.url),
    ...(rule.secretName === '' ? ['secretName is empty: name a secret that saveSecret keeps.'] : []),
    ...(rule.expiresMs > 0 ? [] : ['expires must be longer than 0s.']),
  ];
}

function problemsOfKind(check: CheckRule): string[] {
  switch (check.kind) {
    case 'http':
      return httpProblems(check);
    case 'metric':
      return metricProblems(check);
    case 'job':
      return jobProblems(check.job);
  }
}

function httpProblems(check: Extract<CheckRule, { kind: 'http' }>): string[] {
  const { url, method, expectStatus, intervalMs, timeoutMs, successes, failures } = check;
  return [
    ...urlProblems('url', url),
    ...(methods.includes(method) ? [] : [`method "${method}" is not one of ${methods.join(', ')}.`]),
    ...(expectStatus >= 100 && expectStatus <= 599 ? [] : ['expectStatus must be between 100 and 599.']),
    ...intervalProblems(intervalMs),
    ...(timeoutMs >= intervalMs ? [] : ['timeout must not be shorter than interval.']),
    ...atLeastOne({ successes, failures }),
  ];
}

function metricProblems(check: Extract<CheckRule, { kind: 'metric' }>): string[] {
  const { prometheus, query, condition, intervalMs, count, failures } = check;
  const readable = parseCondition(condition) !== undefined;
  return [
    ...urlProblems('prometheus', prometheus),
    ...(query.trim() === '' ? ['query is empty.'] : []),
    ...(readable ? [] : [`condition "${condition}" is no comparison with a number, such as "< 0.01".`]),
    ...intervalProblems(intervalMs),
    ...atLeastOne({ count, failures }),
  ];
}

function urlProblems(field: string, text: string): string[] {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return [`${field} "${text}" is no http or https address.`];
  // A policy is shown to every viewer.
  return url.username === '' && url.password === ''
    ? []
    : [`${field} must not carry a user name or password.`];
}

function intervalProblems(intervalMs: number): string[] {
  return intervalMs >= MIN_INTERVAL_MS ? [] : ['interval must be at least 1s.'];
}

function atLeastOne(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([field, value]) =>
    value >= 1 ? [] : [`${field} must be at least 1.`],
  );
}

function jobProblems(job: unknown): string[] {
  if (!isObject(job) || job['kind'] !== 'Job' || job['apiVersion'] !== 'batch/v1') {
    return ['job must be a Kubernetes Job: apiVersion "batch/v1", kind "Job".'];
  }
  const pod = at(job, 'spec', 'template', 'spec');
  const containers = at(pod, 'containers');
  return [
    ...(Array.isArray(containers) && containers.length > 0
      ? []
      : ['job needs spec.template.spec.containers.']),
    ...(at(job, 'metadata', 'namespace') === undefined
      ? []
      : ['job must not name a namespace: it is fixed.']),
    ...(['serviceAccountName', 'serviceAccount'].every((field) => at(pod, field) === undefined)
      ? []
      : ['job must not name a ServiceAccount: it is fixed.']),
  ];
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
