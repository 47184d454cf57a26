// Counts of many instances, for every list and every overview.
import type { RollupCounts } from './rollup.ts';

/** What is UNKNOWN is the rest of `instances`. */
export interface FleetSummary {
  readonly counts: RollupCounts;
  /** Instances on clusters that are not ONLINE. */
  readonly stale: number;
}

/** Of nothing. */
export const EMPTY_SUMMARY: FleetSummary = {
  counts: {
    instances: 0,
    synced: 0,
    outOfSync: 0,
    syncing: 0,
    failed: 0,
    healthy: 0,
    progressing: 0,
    degraded: 0,
    suspended: 0,
    missing: 0,
    drifted: 0,
    driftItems: 0,
  },
  stale: 0,
};

/** Instances that never reported, or of which nothing can be told. */
export function unknownCounts({ counts }: FleetSummary): { readonly sync: number; readonly health: number } {
  const { instances, synced, outOfSync, syncing, failed } = counts;
  const { healthy, progressing, degraded, suspended, missing } = counts;
  return {
    sync: instances - synced - outOfSync - syncing - failed,
    health: instances - healthy - progressing - degraded - suspended - missing,
  };
}
