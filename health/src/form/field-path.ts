// Paths to fields, taken apart once and walked without trust.
import type { FieldPath } from './rule-form.ts';

/** The names on the way to a field. */
export type Steps = readonly string[];

const STEP = /\.?([A-Za-z0-9_$/-]+)|\["([^"\]]+)"\]/y;

/** The steps of a path. Throws with the position where it can no longer be read. */
export function stepsOf(path: FieldPath): Steps {
  const steps: string[] = [];
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    const name = found?.[1] ?? found?.[2];
    if (!found || name === undefined) {
      throw new Error(
        `cannot read the path "${path}" from character ${at + 1}; write status.phase or metadata.labels["a.b/c"]`,
      );
    }
    steps.push(name);
    at = STEP.lastIndex;
  }
  if (steps.length === 0) throw new Error('a path must name a field, such as status.phase');
  return steps;
}

/** The value at the end of the steps; undefined where there is none. Only a value's own fields count. */
export function valueAt(from: unknown, steps: Steps): unknown {
  let value = from;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Whether there is anything: neither absent nor null nor empty. */
export function isSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value !== 'object') return true;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}
