// Which failed requests are worth asking again at once, and how long to wait before.
import type { KubeError } from './kube-error.ts';

/** Attempts of one request, the first included. */
export const MAX_ATTEMPTS = 4;

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/**
 * Milliseconds to wait before the next attempt, or `undefined` when asking again is of no use here.
 * `attempt` counts from 1; `random` is in [0, 1). Retry-After is obeyed where it is short.
 */
export function retryDelayMs(error: KubeError, attempt: number, random: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS || !isTransient(error)) return undefined;
  const askedMs = (error.status.details?.retryAfterSeconds ?? 0) * 1000;
  if (askedMs > LONGEST_DELAY_MS) return undefined;
  return Math.max(askedMs, backoffMs(attempt - 1, FIRST_DELAY_MS, LONGEST_DELAY_MS, random));
}

// The API server answers 500 to an apply whose fields its schema does not have: asked again it says the same.
const SCHEMA_MISMATCH = /failed to create typed patch object|field not declared in schema/;

/** No answer, too many requests, or the API server's own trouble. A 501 or a 505 will not get better. */
export function isTransient(error: KubeError): boolean {
  if (error.code === 500) return !SCHEMA_MISMATCH.test(error.message);
  return [0, 429, 502, 503, 504].includes(error.code);
}

/** Delay with jitter after `failures` failures in a row, between half and all of a doubling that ends at `longestMs`. */
export function backoffMs(failures: number, firstMs: number, longestMs: number, random: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30));
  return ceiling * (0.5 + random / 2);
}
