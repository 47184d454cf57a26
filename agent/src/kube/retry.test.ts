import { expect, it } from 'vitest';
import { KubeError, type KubeStatus } from './kube-error.ts';
import { backoffMs, isTransient, MAX_ATTEMPTS, retryDelayMs } from './retry.ts';

const refused = (code: number, status: KubeStatus = {}) =>
  new KubeError(code, status, { verb: 'get', resource: 'pods' });

it('asks again after no answer, too many requests and trouble of the API server, and never after a refusal', () => {
  const asked = [0, 400, 403, 404, 409, 422, 429, 500, 501, 502, 503, 504].filter((code) =>
    isTransient(refused(code)),
  );
  expect(asked).toEqual([0, 429, 500, 502, 503, 504]);
});

it('does not ask again when the API server answers 500 to a field that its schema does not have', () => {
  const message =
    'failed to create typed patch object (default/a): .spec.replicaz: field not declared in schema';
  expect(isTransient(refused(500, { message }))).toBe(false);
});

it('waits longer each time and gives up after the last attempt', () => {
  const delays = [1, 2, 3].map((attempt) => retryDelayMs(refused(503), attempt, 0.999) ?? 0);
  expect(delays.map((delay) => Math.round(delay / 10) * 10)).toEqual([100, 200, 400]);
  expect(retryDelayMs(refused(503), MAX_ATTEMPTS, 0)).toBeUndefined();
});

it('obeys a short Retry-After and leaves a long one to the caller', () => {
  expect(retryDelayMs(refused(429, { details: { retryAfterSeconds: 2 } }), 1, 0)).toBe(2000);
  expect(retryDelayMs(refused(429, { details: { retryAfterSeconds: 60 } }), 1, 0)).toBeUndefined();
});

it('never backs off beyond the longest delay', () => {
  expect(backoffMs(1000, 500, 60_000, 1)).toBe(60_000);
});
