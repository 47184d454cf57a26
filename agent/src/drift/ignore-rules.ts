// What is not Fairlead's business, as an application's ignore rules say it. Pure.
import type { IgnoreRule } from '@fairlead/protocol/assignment';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { isBelow, parsePath, type FieldSteps } from './field-path.ts';
import type { FieldRule } from './left-alone.ts';

/** The rules that speak of this object, whichever field they name. */
export function rulesFor(ref: ObjectRef, rules: readonly IgnoreRule[]): readonly IgnoreRule[] {
  return rules.filter(
    (rule) =>
      matches(rule.apiVersion, ref.apiVersion) &&
      matches(rule.kind, ref.kind) &&
      matches(rule.namespace, ref.namespace) &&
      matches(rule.name, ref.name),
  );
}

/** Whether a rule without a path or manager covers the object: then no change of it is drift. */
export function ignoresWholeObject(rules: readonly IgnoreRule[]): boolean {
  return rules.some((rule) => rule.path === undefined && rule.manager === undefined);
}

/** A field, and who wrote it. */
export interface WrittenField {
  readonly steps: FieldSteps;
  readonly manager?: string | undefined;
}

/** Whether a rule covers the field; it covers its path and all below it. A path that cannot be read covers nothing. */
export function isIgnored({ steps, manager }: WrittenField, rules: readonly IgnoreRule[]): boolean {
  return rules.some((rule) => {
    const pattern = patternOf(rule.path);
    return pattern !== undefined && matches(rule.manager, manager) && isBelow(steps, pattern);
  });
}

/** The rules as an apply obeys them. */
export function ignoredFields(rules: readonly IgnoreRule[]): readonly FieldRule[] {
  return rules.flatMap(({ path, manager }) => {
    const pattern = patternOf(path);
    if (!pattern) return [];
    const whose = manager === undefined ? { acceptsUnowned: true } : { manager };
    return [{ pattern, because: { kind: 'IGNORED' }, ...whose }];
  });
}

function patternOf(path: string | undefined): FieldSteps | undefined {
  return path === undefined ? [] : parsePath(path);
}

function matches(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}
