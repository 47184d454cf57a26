import { describe, expect, it } from 'vitest';
import { afterAttempt, budgetMs, type AttemptOutcome, type RunRule, type RunTally } from './check-run.ts';

const http: RunRule = {
  name: 'smoke',
  kind: 'http',
  url: 'https://shop.example/healthz',
  method: 'GET',
  expectStatus: 200,
  expectJson: null,
  intervalMs: 10_000,
  timeoutMs: 300_000,
  successes: 2,
  failures: 3,
};
const metric: RunRule = {
  name: 'errors',
  kind: 'metric',
  prometheus: 'https://prometheus.example',
  query: 'errors',
  condition: '< 1',
  intervalMs: 30_000,
  count: 3,
  failures: 2,
};
const webhook: RunRule = {
  name: 'change',
  kind: 'webhook',
  url: 'https://tickets.example/gate',
  secretName: 'tickets',
  expiresMs: 3_600_000,
};
const job: RunRule = { name: 'smoke', kind: 'job', job: { spec: { activeDeadlineSeconds: 60 } } };

type Verdict = AttemptOutcome['verdict'];

/** State and pause after a series of attempts, with time enough. */
function after(rule: RunRule, verdicts: readonly Verdict[], leftMs = 1_000_000) {
  let tally: RunTally = { successes: 0, failures: 0, unknowns: 0 };
  let last: ReturnType<typeof afterAttempt> | undefined;
  for (const verdict of verdicts) {
    last = afterAttempt(rule, tally, { verdict, message: 'seen', evidence: {} }, leftMs);
    tally = last;
  }
  return last;
}

const states = (rule: RunRule, ...series: readonly Verdict[][]) =>
  series.map((verdicts) => after(rule, verdicts)?.state);

describe('a run of a check', () => {
  it('passes or fails an HTTP check by answers in a row', () => {
    expect(
      states(
        http,
        ['SUCCESS'],
        ['SUCCESS', 'SUCCESS'],
        ['SUCCESS', 'FAILURE', 'SUCCESS'],
        ['FAILURE', 'FAILURE', 'SUCCESS', 'FAILURE'],
        ['FAILURE', 'FAILURE', 'FAILURE'],
        ['SUCCESS', 'UNKNOWN', 'SUCCESS'],
      ),
    ).toEqual(['RUNNING', 'PASSED', 'RUNNING', 'RUNNING', 'FAILED', 'RUNNING']);
  });

  it('fails a metric by bad measurements over the whole run, and passes it once all are taken', () => {
    expect(
      states(
        metric,
        ['SUCCESS', 'SUCCESS'],
        ['SUCCESS', 'FAILURE', 'SUCCESS'],
        ['FAILURE', 'SUCCESS', 'FAILURE'],
        ['UNKNOWN', 'SUCCESS', 'UNKNOWN', 'UNKNOWN', 'SUCCESS', 'SUCCESS'],
      ),
    ).toEqual(['RUNNING', 'PASSED', 'FAILED', 'PASSED']);
  });

  it('is INCONCLUSIVE for a metric without a value three times in a row, and never passes on silence', () => {
    expect(states(metric, ['UNKNOWN', 'UNKNOWN'], ['SUCCESS', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN'])).toEqual([
      'RUNNING',
      'INCONCLUSIVE',
    ]);
  });

  it.each([http, metric, webhook, job])('is INCONCLUSIVE when the time of $kind is over', (rule) => {
    for (const verdict of ['UNKNOWN', 'WAIT'] as const) {
      const ended = after(rule, [verdict], 0);
      expect(ended).toMatchObject({ state: 'INCONCLUSIVE', nextInMs: null });
      expect(ended?.message).toMatch(/Last: seen/);
    }
  });

  it('counts what the last attempt told, though its time is over with it', () => {
    expect(after({ ...http, successes: 1 }, ['SUCCESS'], 0)?.state).toBe('PASSED');
  });

  it('ends at once where the attempt says so', () => {
    expect(states(job, ['WAIT'], ['PASSED'], ['FAILED'], ['INCONCLUSIVE'])).toEqual([
      'RUNNING',
      'PASSED',
      'FAILED',
      'INCONCLUSIVE',
    ]);
  });

  it('asks again after the interval, but not later than its deadline', () => {
    expect([after(http, ['UNKNOWN'])?.nextInMs, after(http, ['UNKNOWN'], 4_000)?.nextInMs]).toEqual([
      10_000, 4_000,
    ]);
  });

  it('tries to deliver a webhook at longer and longer intervals, and then leaves it alone till its deadline', () => {
    const tries = [1, 2, 3, 12].map((n) => after(webhook, Array<Verdict>(n).fill('UNKNOWN'))?.nextInMs);
    expect(tries).toEqual([5_000, 10_000, 20_000, 300_000]);
    expect(after(webhook, ['UNKNOWN', 'WAIT'], 3_000_000)?.nextInMs).toBe(3_000_000);
  });

  it('has the time that its rule gives', () => {
    expect([http, metric, webhook, job].map(budgetMs)).toEqual([300_000, 240_000, 3_600_000, 180_000]);
    expect(budgetMs({ ...job, job: { template: {} } })).toBe(720_000);
  });
});
