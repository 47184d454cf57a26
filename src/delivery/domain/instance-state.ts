// What is counted of an instance, and how a change of it moves the roll-ups.
import type { Health } from '@fairlead/protocol/health';
import type { SyncStatus } from '@fairlead/protocol/sync-status';

/** What roll-ups count. An instance that never reported is UNKNOWN in both. */
export interface InstanceState {
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly driftCount: number;
}

/** Never reported, or nothing assigned. */
export const UNKNOWN_STATE: InstanceState = { sync: 'UNKNOWN', health: 'UNKNOWN', driftCount: 0 };

/** The assignment as it stands in the hub. */
export interface AssignedVersion {
  readonly generation: bigint;
  readonly bundleDigest: string | null;
}

/** What a report says that it speaks of. */
export interface ReportedVersion {
  readonly generation: bigint;
  readonly bundleDigest: string;
}

/** Whether a report is evidence for the assignment, or only telemetry of an earlier one. */
export function isEvidence(reported: ReportedVersion, assigned: AssignedVersion): boolean {
  return reported.generation === assigned.generation && reported.bundleDigest === assigned.bundleDigest;
}

/** The sync status that is shown: whatever an agent says of another generation, the assigned one is not applied. */
export function effectiveSync(
  reported: ReportedVersion & { readonly sync: SyncStatus },
  assigned: AssignedVersion,
): SyncStatus {
  return isEvidence(reported, assigned) ? reported.sync : 'OUT_OF_SYNC';
}
