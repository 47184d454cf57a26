// Fields that are not Fairlead's business: those of an application's ignore rules, and replicas that an autoscaler sets.
// Pure.
import type { IgnoreRule } from '@fairlead/protocol/assignment';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { parsePath, withoutPath, type PathStep } from './field-path.ts';
import {
  isAutoscaled,
  isOwn,
  managedFields,
  type FieldTree,
  type ManagedFieldsEntry,
} from './managed-fields.ts';

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

/** The differences that no rule covers; a rule covers its path and all below it. */
export function notIgnored(paths: readonly string[], rules: readonly IgnoreRule[]): readonly string[] {
  const covered = rules.flatMap((rule) => rule.path ?? []).map((path) => parsePath(path));
  return paths.filter((path) => {
    const steps = parsePath(path) ?? [];
    return !covered.some((prefix) => prefix !== undefined && isBelow(steps, prefix));
  });
}

/**
 * What is sent in place of `desired`: a field that is ignored is left out, but only while another manager owns it, since
 * the API server removes a field that its owner stops sending.
 */
export function withoutIgnored(
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
  rules: readonly IgnoreRule[],
): KubernetesObject {
  if (!live) return desired;
  const others = managedFields(live).filter((entry) => !isOwn(entry));
  const paths = rulesFor(refOf(desired), rules)
    .filter((rule) => rule.path !== undefined && others.some((entry) => coveredBy(rule, entry)))
    .map((rule) => rule.path ?? '');
  return without(desired, isAutoscaled(live) ? [...paths, 'spec.replicas'] : paths);
}

/** A copy without the fields of these paths. */
export function without(object: KubernetesObject, paths: readonly string[]): KubernetesObject {
  return paths.reduce(
    (rest, path) => withoutPath(rest as Json, parsePath(path) ?? []) as typeof rest,
    object,
  );
}

function matches(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

function coveredBy(rule: IgnoreRule, entry: ManagedFieldsEntry): boolean {
  if (rule.manager !== undefined && rule.manager !== entry.manager) return false;
  return owns(entry.fieldsV1, parsePath(rule.path ?? '') ?? []);
}

function owns(tree: FieldTree | undefined, steps: readonly PathStep[]): boolean {
  if (!tree) return false;
  const [step, ...rest] = steps;
  if (!step) return true;
  return Object.keys(tree)
    .filter((key) => stepSelects(step, key))
    .some((key) => owns(tree[key], rest));
}

function stepSelects(step: PathStep, key: string): boolean {
  switch (step.type) {
    case 'MEMBER':
      return key === `f:${step.name}`;
    case 'INDEX':
      return key === `i:${step.index}`;
    case 'ANY':
      return key.startsWith('k:') || key.startsWith('i:') || key.startsWith('v:');
    case 'ITEM':
      return key.startsWith('k:') && hasKey(key, step.key, step.value);
  }
}

function hasKey(fieldKey: string, key: string, value: string): boolean {
  const keys = JSON.parse(fieldKey.slice(2)) as Record<string, unknown>;
  return String(keys[key]) === value;
}

function isBelow(steps: readonly PathStep[], prefix: readonly PathStep[]): boolean {
  return prefix.every((wanted, index) => {
    const step = steps[index];
    if (!step) return false;
    if (wanted.type === 'ANY') return step.type === 'INDEX' || step.type === 'ITEM';
    return JSON.stringify(step) === JSON.stringify(wanted);
  });
}
