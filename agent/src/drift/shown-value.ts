// A field's value as it may be told: JSON text, with everything secret hidden. Pure.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { Json } from '@fairlead/protocol/kubernetes-object';
import { isSecret, isSensitiveName, LAST_APPLIED, MASK } from '@fairlead/protocol/masking';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { withoutSecretValues } from '@fairlead/protocol/secret-values';
import type { FieldSteps } from './field-path.ts';

/** `text` is left out where all of it is secret, or where there is no value. */
export interface ShownValue {
  readonly text?: string;
  readonly masked: boolean;
}

// A ConfigMap's file may have a megabyte; a person wants to know that it differs.
const LONGEST_TEXT = 4_000;

/** The value of one field of the object. */
export function shownValue(ref: ObjectRef, steps: FieldSteps, value: Json | undefined): ShownValue {
  if (isHidden(ref, steps)) return { masked: true };
  if (value === undefined) return { masked: false };
  const last = steps.at(-1);
  const open = withoutSecretValues(value, () => MASK, last?.type === 'MEMBER' ? last.name : '');
  if (open === MASK) return { masked: true };
  const text = canonicalJson(open);
  return { text: shortened(text), masked: text !== canonicalJson(value) };
}

/** Whether the place alone says that its value is secret. */
function isHidden(ref: ObjectRef, steps: FieldSteps): boolean {
  const [first, second] = steps.map((step) => (step.type === 'MEMBER' ? step.name : ''));
  if (isSecret(ref) && (first === 'data' || first === 'stringData')) return true;
  if (steps.some((step) => step.type === 'MEMBER' && step.name === LAST_APPLIED)) return true;
  return isSensitiveKey(ref, first, second) || isSensitiveVariable(steps);
}

function isSensitiveKey({ kind }: ObjectRef, member = '', key = ''): boolean {
  return kind === 'ConfigMap' && (member === 'data' || member === 'binaryData') && isSensitiveName(key);
}

/** `…env[name=DB_PASSWORD].value`. */
function isSensitiveVariable(steps: FieldSteps): boolean {
  const [list, item, field] = steps.slice(-3);
  return (
    list?.type === 'MEMBER' &&
    list.name === 'env' &&
    item?.type === 'ITEM' &&
    field?.type === 'MEMBER' &&
    field.name === 'value' &&
    item.keys.some(([, name]) => isSensitiveName(name))
  );
}

function shortened(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  return JSON.stringify(`${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`);
}
