import { describe, expect, it } from 'vitest';
import { judgeHttp, judgeMetric, type Answer } from './judge-answer.ts';

const http = {
  name: 'smoke',
  kind: 'http',
  url: 'https://shop.example/healthz?token=hunter2',
  method: 'GET',
  expectStatus: 200,
  expectJson: { ready: true } as unknown,
  intervalMs: 1,
  timeoutMs: 1,
  successes: 1,
  failures: 1,
} as const;
const metric = {
  name: 'errors',
  kind: 'metric',
  prometheus: 'https://user:hunter2@prometheus.example/base',
  query: 'errors',
  condition: '< 0.01',
  intervalMs: 1,
  count: 1,
  failures: 1,
} as const;

const answer = (status: number, body: string, truncated = false): Answer => ({
  kind: 'ANSWER',
  status,
  body,
  truncated,
});
const vector = (...values: string[]): Answer =>
  answer(
    200,
    JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
    }),
  );
const silent: Answer = { kind: 'SILENT', message: 'shop.example did not answer in time.' };
const refused: Answer = { kind: 'REFUSED', message: 'shop.example is private.' };

describe('an HTTP answer', () => {
  it.each([
    ['the status and the JSON that are expected', answer(200, '{"ready":true,"x":1}'), 'SUCCESS'],
    ['another status', answer(503, '{"ready":true}'), 'FAILURE'],
    ['a redirect', answer(302, ''), 'FAILURE'],
    ['other JSON', answer(200, '{"ready":false}'), 'FAILURE'],
    ['no JSON', answer(200, '<html>'), 'FAILURE'],
    ['too much', answer(200, '{"ready":true}', true), 'FAILURE'],
    ['silence', silent, 'UNKNOWN'],
    ['an address that may not be called', refused, 'INCONCLUSIVE'],
  ])('with %s', (_what, given, verdict) => {
    expect(judgeHttp(http, given).verdict).toBe(verdict);
  });

  it('needs no JSON where none is expected', () => {
    expect(judgeHttp({ ...http, expectJson: null }, answer(200, '<html>')).verdict).toBe('SUCCESS');
  });

  it('is told without path, query or body: they may hold secrets', () => {
    const told = [answer(200, '{"ready":"swordfish"}'), answer(500, 'swordfish')].map((given) =>
      JSON.stringify(judgeHttp(http, given)),
    );
    expect(told.join()).toMatch(/shop\.example/);
    expect(told.join()).not.toMatch(/hunter2|swordfish|healthz/);
  });
});

describe('a measurement', () => {
  it.each([
    ['one good value', vector('0.001'), 'SUCCESS'],
    ['all values good', vector('0', '0.009'), 'SUCCESS'],
    ['one bad value among good ones', vector('0', '0.02'), 'FAILURE'],
    ['no series', vector(), 'UNKNOWN'],
    ['NaN', vector('NaN'), 'UNKNOWN'],
    ['NaN beside a good value', vector('0', 'NaN'), 'UNKNOWN'],
    ['an infinite value', vector('+Inf'), 'UNKNOWN'],
    ['a value of another form', vector('much'), 'UNKNOWN'],
    [
      'a scalar',
      answer(200, '{"status":"success","data":{"resultType":"scalar","result":[1,"0.005"]}}'),
      'SUCCESS',
    ],
    ['a matrix', answer(200, '{"status":"success","data":{"resultType":"matrix","result":[]}}'), 'UNKNOWN'],
    ['an error of the query', answer(400, '{"status":"error","errorType":"bad_data"}'), 'UNKNOWN'],
    ['a page of a proxy', answer(502, '<html>'), 'UNKNOWN'],
    ['null', answer(200, 'null'), 'UNKNOWN'],
    [
      'a series of null',
      answer(200, '{"status":"success","data":{"resultType":"vector","result":[null]}}'),
      'UNKNOWN',
    ],
    ['silence', silent, 'UNKNOWN'],
    ['an address that may not be called', refused, 'INCONCLUSIVE'],
  ])('with %s', (_what, given, verdict) => {
    expect(judgeMetric(metric, given).verdict).toBe(verdict);
  });

  it('names values and condition, and not the credentials of the address', () => {
    const { message, evidence } = judgeMetric(metric, vector('0.5', '0'));
    expect(message).toBe('0.5 is not < 0.01.');
    expect(evidence).toEqual({ host: 'prometheus.example', condition: '< 0.01', values: [0.5, 0] });
  });

  it('is INCONCLUSIVE under a condition that is none', () => {
    expect(judgeMetric({ ...metric, condition: 'small' }, vector('0')).verdict).toBe('INCONCLUSIVE');
  });
});
