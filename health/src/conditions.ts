// Conditions: the one form in which most controllers say how it goes.
import { type Fields, fields, fieldsList, text } from './read-fields.ts';

/** One entry of `status.conditions`, with what is wrongly typed left out. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
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
  return conditionsOf(object).find((one) => one.type === type);
}

/** The condition of that type when its status is the given one. */
export function conditionIs(object: Fields, type: string, status: 'True' | 'False'): Condition | undefined {
  const found = condition(object, type);
  return found?.status === status ? found : undefined;
}

function toCondition(type: string, entry: Fields): Condition {
  const reason = text(entry['reason']);
  const message = text(entry['message']);
  const status = text(entry['status']) ?? 'Unknown';
  return { type, status, ...(reason && { reason }), ...(message && { message }) };
}
