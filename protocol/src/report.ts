// What an agent says of its instances. Latest wins: a report replaces the one before it, whole.
import type { Health } from './health.ts';
import type { ObjectRef } from './resource-id.ts';
import type { SyncStatus } from './sync-status.ts';

/** A report names at most this many objects; the rest is known from the bundle. */
export const MAX_REPORTED_OBJECTS = 500;

/** Most instances that an agent tells the hub about as orphaned; the rest follows when these are gone. */
export const MAX_REPORTED_ORPHANS = 500;

/** One object that is not both SYNCED and HEALTHY. */
export interface ObjectReport extends ObjectRef {
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly message: string;
}

/** The state of one instance as the agent sees it; secret values are masked before they get here. */
export interface InstanceReport {
  readonly instance: string;
  /** Generation and bundle that this speaks of: a report for another generation is telemetry, never evidence. */
  readonly generation: number;
  readonly bundle: string;
  readonly sync: SyncStatus;
  readonly health: Health;
  /** Why, in words for a person; empty when SYNCED and HEALTHY. Never a ticking time: each change is a write. */
  readonly message: string;
  /** Open differences between desired and live fields and objects. */
  readonly driftCount: number;
  readonly objects: readonly ObjectReport[];
  /** More objects were not SYNCED and HEALTHY than `objects` holds. */
  readonly truncated: boolean;
  /** Objects that the prune guard holds back, at most MAX_REPORTED_OBJECTS. */
  readonly pendingPrune: readonly ObjectRef[];
}

/** The hub's answer to one entry: stored, the same as before, or older than what is stored. */
export type ReportVerdict = 'ACCEPTED' | 'UNCHANGED' | 'STALE';
