// Which fields of an object an apply leaves to others: those of ignore rules, exceptions and contests, and what
// controllers are known to set. Pure.
import type { ManagerClass } from '@fairlead/protocol/drift';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { pathText, valueAt, withoutPath, withValueAt, type FieldSteps } from './field-path.ts';
import { holds, leavesAt } from './field-tree.ts';
import { isOwn, managedFields, ownEntry, type ManagedFieldsEntry } from './managed-fields.ts';
import { writerClassOf } from './writer-class.ts';

/** Why a field is left alone. Only IGNORED is no difference; the others stay open until something ends them. */
export type Reason =
  | { readonly kind: 'IGNORED' }
  | { readonly kind: 'EXCEPTED'; readonly id: string; readonly untilMs: number }
  | { readonly kind: 'CONTESTED'; readonly untilMs: number }
  | { readonly kind: 'NOT_ASKED' };

/** Fields that are somebody else's business while the rule holds. */
export interface FieldRule {
  /** The field, and all below it; no steps: every field. */
  readonly pattern: FieldSteps;
  /** Only while this one owns the field. */
  readonly manager?: string;
  readonly managerClass?: ManagerClass;
  /** Also where the field is away: nobody owns it then. */
  readonly acceptsAbsence?: boolean;
  /** Also where the field is there and nobody owns it, as after a scale to nothing. */
  readonly acceptsUnowned?: boolean;
  /** Where we own the field its live value is sent: what an owner stops sending, the API server removes. */
  readonly keepsLiveValue?: boolean;
  readonly because: Reason;
}

/** A field that is not sent, and why. */
export interface LeftOut {
  readonly steps: FieldSteps;
  readonly because: Reason;
}

/** What is sent in place of the desired object. */
export interface Body {
  readonly object: KubernetesObject;
  readonly leftOut: readonly LeftOut[];
}

/**
 * A field is left out only while another manager owns it, or nobody. Of several rules for one field the first counts.
 */
export function bodyOf(
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
  rules: readonly FieldRule[],
): Body {
  if (!live || rules.length === 0) return { object: desired, leftOut: [] };
  const left = new Map<string, LeftOut>();
  for (const rule of rules) {
    for (const steps of fieldsUnder(rule, live)) {
      const path = pathText(steps);
      if (!left.has(path) && valueAt(desired as Json, steps) !== undefined) {
        left.set(path, { steps, because: rule.because });
      }
    }
  }
  const leftOut = [...left.values()];
  const sent = leftOut.reduce((rest, { steps }) => withoutPath(rest, steps), desired as Json);
  return { object: withLiveValues(sent as KubernetesObject, live, rules), leftOut };
}

/** The fields of a live object that a rule speaks of now: others' fields, and one that is away or nobody's where that is accepted. */
export function fieldsUnder(rule: FieldRule, live: KubernetesObject): readonly FieldSteps[] {
  const others = managedFields(live).filter((entry) => !isOwn(entry) && speaksOf(rule, entry));
  const theirs = others.flatMap((entry) => leavesAt(entry.fieldsV1 ?? {}, rule.pattern));
  return isNobodys(rule, live) ? [...theirs, rule.pattern] : theirs;
}

function isNobodys({ pattern, acceptsAbsence, acceptsUnowned }: FieldRule, live: KubernetesObject): boolean {
  if (valueAt(live as Json, pattern) === undefined) {
    return acceptsAbsence === true && !holds(ownEntry(live)?.fieldsV1, pattern);
  }
  const isOneField = pattern.length > 0 && pattern.every(({ type }) => type !== 'ANY');
  const isOwned = (): boolean => managedFields(live).some(({ fieldsV1 }) => holds(fieldsV1, pattern));
  return acceptsUnowned === true && isOneField && !isOwned();
}

/** The object with these fields as they are in the live one, for an owner who must not stop sending them. */
export function withFieldsOf(
  live: KubernetesObject,
  object: KubernetesObject,
  fields: readonly FieldSteps[],
): KubernetesObject {
  const whole = fields.reduce((rest, steps) => {
    const value = valueAt(live as Json, steps);
    return value === undefined ? withoutPath(rest, steps) : withValueAt(rest, steps, value);
  }, object as Json);
  return whole as KubernetesObject;
}

function speaksOf({ manager, managerClass }: FieldRule, entry: ManagedFieldsEntry): boolean {
  if (manager !== undefined && manager !== entry.manager) return false;
  return managerClass === undefined || managerClass === writerClassOf(entry.manager);
}

function withLiveValues(
  sent: KubernetesObject,
  live: KubernetesObject,
  rules: readonly FieldRule[],
): KubernetesObject {
  const own = ownEntry(live)?.fieldsV1 ?? {};
  const kept = rules.filter(({ keepsLiveValue }) => keepsLiveValue);
  return withFieldsOf(
    live,
    sent,
    kept.flatMap(({ pattern }) => leavesAt(own, pattern)),
  );
}
