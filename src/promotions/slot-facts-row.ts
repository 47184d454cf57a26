// The row of `slotFactsSql` and the facts it holds.
import type { SlotFacts } from './domain/explain-slot.ts';
import { automaticEnvironments } from './current-steps.ts';
import type { SlotKey } from './promotion-store.ts';

export interface SlotFactsRow extends SlotKey {
  readonly application: string;
  readonly environment: string;
  readonly applicationSince: Date;
  readonly sourceError: { readonly message: string } | null;
  readonly sourceErrorAt: Date | null;
  readonly steps: unknown;
  readonly currentRelease: number | null;
  readonly latestRelease: number | null;
  readonly latestSince: Date | null;
  readonly lastState: string | null;
  readonly lastOutcome: string | null;
  readonly lastAt: Date | null;
}

/** The facts of a slot, without its open promotions. */
export function toSlotFacts(row: SlotFactsRow): SlotKey & Omit<SlotFacts, 'running' | 'pending'> {
  const { applicationId, environmentId, application, environment, applicationSince } = row;
  return {
    applicationId,
    environmentId,
    application,
    environment,
    applicationSince,
    automatic: automaticEnvironments(row.steps).has(environment),
    currentRelease: row.currentRelease ?? undefined,
    latestRelease: latestOf(row),
    sourceError: sourceErrorOf(row),
    lastAttempt: lastAttemptOf(row),
  };
}

function latestOf({ latestRelease, latestSince }: SlotFactsRow): SlotFacts['latestRelease'] {
  return latestRelease === null || !latestSince ? undefined : { number: latestRelease, since: latestSince };
}

function sourceErrorOf({
  sourceError,
  sourceErrorAt,
  applicationSince,
}: SlotFactsRow): SlotFacts['sourceError'] {
  return sourceError ? { message: sourceError.message, since: sourceErrorAt ?? applicationSince } : undefined;
}

function lastAttemptOf({ lastState, lastOutcome, lastAt }: SlotFactsRow): SlotFacts['lastAttempt'] {
  return lastState && lastAt ? { state: lastState, outcome: lastOutcome ?? '', at: lastAt } : undefined;
}
