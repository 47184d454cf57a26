// All rules about one object that an apply obeys, from its assignment and from what is live. Pure.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { controllerFields } from './controller-fields.ts';
import { exceptedFields, exceptionsFor } from './exceptions.ts';
import { ignoredFields, rulesFor, type WrittenField } from './ignore-rules.ts';
import type { FieldRule } from './left-alone.ts';

/** What the rules depend on besides the assignment. */
export interface Circumstances {
  readonly nowMs: number;
  /** Differences that are known to be open. */
  readonly open: readonly WrittenField[];
  readonly hasAutoscaler: boolean;
}

/** Ignored fields, what controllers hold, and accepted drift, in this order. */
export function standingRules(
  ref: ObjectRef,
  assignment: Assignment,
  live: KubernetesObject,
  { nowMs, open, hasAutoscaler }: Circumstances,
): readonly FieldRule[] {
  const { ignore, exceptions } = assignment.syncPolicy;
  return [
    ...ignoredFields(rulesFor(ref, ignore)),
    ...controllerFields(live, hasAutoscaler),
    ...exceptedFields(exceptionsFor(ref, exceptions, nowMs), open),
  ];
}

/** Whether anything in the assignment speaks of fields of this object, so that it has to be looked at first. */
export function hasFieldRules(ref: ObjectRef, { syncPolicy }: Assignment, nowMs: number): boolean {
  return (
    rulesFor(ref, syncPolicy.ignore).length > 0 || exceptionsFor(ref, syncPolicy.exceptions, nowMs).length > 0
  );
}
