// One difference as it may be told: where, what, by whom. Secret values are gone from here on. Pure.
import type { DriftType } from '@fairlead/protocol/drift';
import type { Json } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Attribution } from './attribution.ts';
import type { Difference } from './compare.ts';
import type { ExtraField } from './extra-fields.ts';
import type { FieldSteps } from './field-path.ts';
import type { WrittenField } from './ignore-rules.ts';
import type { Reason } from './left-alone.ts';
import { digestOf } from './owned-digest.ts';
import { shownValue } from './shown-value.ts';

/** A difference without its values, but with their texts where those may be shown. */
export interface Finding {
  /** The empty string: the whole object. */
  readonly path: string;
  readonly steps: FieldSteps;
  readonly type: DriftType;
  readonly desired?: string;
  readonly live?: string;
  readonly masked: boolean;
  /** Digest of what Git says, so that it can be told when the field is back without keeping the value. */
  readonly wanted?: string;
  readonly attribution: Attribution;
  /** Why it is not healed, where it is not. */
  readonly because?: Reason;
}

/** What a comparison found, ready to be told. */
export function findingOf(ref: ObjectRef, difference: Difference, attribution: Attribution): Finding {
  const { path, steps, type, desired, live } = difference;
  return {
    ...told(ref, steps, desired, live),
    path,
    steps,
    type,
    ...(desired !== undefined && { wanted: digestOf(desired) }),
    attribution,
  };
}

/** What somebody added, ready to be told. */
export function extraFinding(ref: ObjectRef, { path, steps, live, attribution }: ExtraField): Finding {
  return { ...told(ref, steps, undefined, live), path, steps, type: 'EXTRA', attribution };
}

/** The same finding with what is live now. */
export function withLive(
  ref: ObjectRef,
  finding: Finding,
  live: Json | undefined,
  attribution: Attribution,
): Finding {
  const { live: _before, ...rest } = finding;
  const { text, masked } = shownValue(ref, finding.steps, live);
  const type = finding.type === 'EXTRA' ? 'EXTRA' : live === undefined ? 'MISSING' : 'MODIFIED';
  // The writer of a field that is gone stays unknown; one that is known of an earlier value would be a lie.
  return {
    ...rest,
    ...(text !== undefined && { live: text }),
    masked: masked || finding.masked,
    type,
    attribution,
  };
}

function told(ref: ObjectRef, steps: FieldSteps, desired: Json | undefined, live: Json | undefined) {
  const [then, now] = [shownValue(ref, steps, desired), shownValue(ref, steps, live)];
  return {
    ...(then.text !== undefined && { desired: then.text }),
    ...(now.text !== undefined && { live: now.text }),
    masked: then.masked || now.masked,
  };
}

/** The field and its writer, as rules look at them. */
export function writtenField({ steps, attribution }: Pick<Finding, 'steps' | 'attribution'>): WrittenField {
  return { steps, manager: attribution.manager };
}
