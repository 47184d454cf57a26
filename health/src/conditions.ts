// Conditions: the one form in which most controllers say how it goes.
import { type Fields, fields, fieldsList, text, wholeNumber } from './read-fields.ts';

/** One entry of `status.conditions`, with what is wrongly typed left out. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  /** The generation of the object that its controller saw, where it says so for each condition. */
  readonly observedGeneration?: number;
}

/** The conditions of an object; entries without a type are left out. */
export function conditionsOf(object: Fields): Condition[] {
  return readConditions(fields(object['status'])['conditions']);
}

/** The conditions of a raw list. */
export function readConditions(list: unknown): Condition[] {
  return fieldsList(list).flatMap((entry) => {
    const type = text(entry['type']);
    return type ? [toCondition(type, entry)] : [];
  });
}

/** The condition of that type, if the object has it. */
export function condition(object: Fields, type: string): Condition | undefined {
  const list = fields(object['status'])['conditions'];
  if (!Array.isArray(list)) return undefined;
  // Asked several times of every object, so no copy is made of those that are not meant.
  for (const entry of list) {
    const found = fields(entry);
    if (found['type'] === type) return toCondition(type, found);
  }
  return undefined;
}

/** The condition of that type when its status is the given one. */
export function conditionIs(object: Fields, type: string, status: 'True' | 'False'): Condition | undefined {
  const found = condition(object, type);
  return found?.status === status ? found : undefined;
}

/** The status of a raw condition; some controllers write JSON booleans. */
export function statusOf(entry: Fields): string {
  const { status } = entry;
  if (typeof status === 'boolean') return status ? 'True' : 'False';
  return text(status) ?? 'Unknown';
}

function toCondition(type: string, entry: Fields): Condition {
  const reason = text(entry['reason']);
  const message = text(entry['message']);
  const seen = wholeNumber(entry['observedGeneration']);
  return {
    type,
    status: statusOf(entry),
    ...(reason && { reason }),
    ...(message && { message }),
    ...(seen !== undefined && { observedGeneration: seen }),
  };
}
