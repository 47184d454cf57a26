// Drift that a person accepted for a while. Pure.
import type { AssignedException } from '@fairlead/protocol/drift';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { parsePath, pathText, type FieldSteps } from './field-path.ts';
import type { WrittenField } from './ignore-rules.ts';
import type { FieldRule, Reason } from './left-alone.ts';

/** The exceptions that speak of this object and are not over. */
export function exceptionsFor(
  ref: ObjectRef,
  exceptions: readonly AssignedException[],
  nowMs: number,
): readonly AssignedException[] {
  return exceptions.filter(
    (exception) =>
      matches(exception.objectKind, ref.kind) &&
      matches(exception.namespace, ref.namespace) &&
      matches(exception.name, ref.name) &&
      Date.parse(exception.until) > nowMs,
  );
}

/** The exception that accepts this difference of an object that they all speak of: its path is the field's, exactly. */
export function exceptionOf(
  { steps, manager }: WrittenField,
  exceptions: readonly AssignedException[],
): AssignedException | undefined {
  return exceptions.find((exception) => {
    const pattern = patternOf(exception);
    if (!pattern || !matches(exception.manager, manager)) return false;
    return pattern.length === 0 || pathText(pattern) === pathText(steps);
  });
}

/**
 * The exceptions as an apply obeys them. `open`: differences that are known; what was taken away is accepted only
 * where somebody had seen that it is away, or a field that is new in Git would never be set.
 */
export function exceptedFields(
  exceptions: readonly AssignedException[],
  open: readonly WrittenField[],
): readonly FieldRule[] {
  return exceptions.flatMap((exception): FieldRule[] => {
    const pattern = patternOf(exception);
    if (!pattern) return [];
    const { manager } = exception;
    const because = acceptedBy(exception);
    const away = open.filter((field) => field.steps.length > 0 && exceptionOf(field, [exception]));
    const named = manager !== undefined;
    return [
      {
        pattern,
        because,
        ...(named && { manager }),
        keepsLiveValue: !named && pattern.length > 0,
        acceptsUnowned: !named,
      },
      ...away.map(({ steps }) => ({
        pattern: steps,
        because,
        acceptsAbsence: true,
        acceptsUnowned: true,
        ...(named && { manager }),
      })),
    ];
  });
}

/** Why a difference that this exception accepts is left alone. */
export function acceptedBy({ id, until }: AssignedException): Reason {
  return { kind: 'EXCEPTED', id, untilMs: Date.parse(until) };
}

function patternOf({ path }: AssignedException): FieldSteps | undefined {
  return path === undefined || path === '' ? [] : parsePath(path);
}

function matches(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}
