// Waiting for a condition instead of for a time, with an error that says what was waited for.
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Thrown by a condition to say that it can never come true, so that `until` ends at once. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** What `until` gives back: the condition's value once it is truthy. */
export type Truthy<Value> = Exclude<Value, undefined | null | false | 0 | ''>;

/** `timeoutMs`: 30 s unless told. `intervalMs`: pause between two looks, 25 ms unless told. */
export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

type Look<Value> = { readonly value: Value } | { readonly error: unknown } | { readonly unanswered: true };

/**
 * Looks at `condition` until its value is truthy, and gives that value. A condition that throws counts as not yet
 * true, except for `Hopeless`. After `timeoutMs` (also when the condition itself never answers) the error names
 * `what` and the last value or error seen.
 */
export async function until<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  { timeoutMs = 30_000, intervalMs = 25 }: UntilOptions = {},
): Promise<Truthy<Value>> {
  const deadline = Date.now() + timeoutMs;
  let last: Look<Value> = { unanswered: true };
  for (;;) {
    const look = await lookAt(condition, deadline - Date.now());
    if ('value' in look && look.value) return look.value as Truthy<Value>;
    if (!('unanswered' in look)) last = look;
    if (Date.now() >= deadline) throw tooLate(what, timeoutMs, last);
    await pause(intervalMs);
  }
}

async function lookAt<Value>(
  condition: () => Value | Promise<Value>,
  patienceMs: number,
): Promise<Look<Value>> {
  const { promise: unanswered, resolve } = Promise.withResolvers<Look<Value>>();
  const timer = setTimeout(() => resolve({ unanswered: true }), Math.max(patienceMs, 1));
  try {
    return await Promise.race([answerOf(condition), unanswered]);
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf<Value>(condition: () => Value | Promise<Value>): Promise<Look<Value>> {
  try {
    return { value: await condition() };
  } catch (error) {
    if (error instanceof Hopeless) throw error;
    return { error };
  }
}

function tooLate(what: string, timeoutMs: number, last: Look<unknown>): Error {
  const cause = 'error' in last ? last.error : undefined;
  return new Error(`waited ${timeoutMs} ms for ${what}; ${describe(last)}`, { cause });
}

function describe(last: Look<unknown>): string {
  if ('unanswered' in last) return 'the condition never answered';
  if ('error' in last)
    return `last error: ${last.error instanceof Error ? last.error.message : inspect(last.error)}`;
  return `last value: ${inspect(last.value, { depth: 4, breakLength: Infinity }).slice(0, 1_000)}`;
}
