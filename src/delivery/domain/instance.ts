// One application in one environment on one cluster, as people see it: what it should run, and what its agent said last.
import type { LabelSelector } from '../../clusters/domain/label-selector.ts';
import type { InstanceState } from './instance-state.ts';
import type { SlotKey } from './slot-key.ts';

/** An instance with its newest report; `sync` and `health` are UNKNOWN where there is none. */
export interface Instance extends SlotKey, InstanceState {
  readonly id: bigint;
  /** Its id in the API and on its objects' label. */
  readonly trackingId: string;
  readonly clusterId: bigint;
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  /** Of objects that name none. */
  readonly namespace: string;
  readonly createdAt: Date;
  /** What is assigned; null before the first assignment. */
  readonly releaseId: bigint | null;
  readonly releaseNumber: number | null;
  readonly bundleDigest: string | null;
  readonly promotionId: bigint | null;
  readonly assignedAt: Date | null;
  /** 0 before the first assignment. */
  readonly generation: bigint;
  readonly assignmentError: { readonly code: string; readonly message: string } | null;
  /** The release that was last seen wholly applied. */
  readonly observedReleaseId: bigint | null;
  readonly observedReleaseNumber: number | null;
  readonly message: string;
  /** How many objects the prune guard holds back. */
  readonly pendingPruneCount: number;
  /** Null where it never reported. */
  readonly reportedAt: Date | null;
  /** When sync or health last changed. */
  readonly changedAt: Date | null;
  /** The generation that the report speaks of. */
  readonly reportedGeneration: bigint | null;
  /** Of its cluster. */
  readonly lastSeenAt: Date | null;
  readonly revokedAt: Date | null;
  /** Its cluster is not ONLINE, so all of this is the last word, not the present. */
  readonly stale: boolean;
}

/** Which instances; all given conditions must hold. Names that do not exist match nothing. */
export interface InstanceFilter {
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
  readonly selector?: LabelSelector | undefined;
  readonly sync?: readonly string[] | undefined;
  readonly health?: readonly string[] | undefined;
  readonly drifted?: boolean | undefined;
  readonly stale?: boolean | undefined;
  /** Whose observed release is another one than this, or none. */
  readonly notOnRelease?: number | undefined;
}

/** The sort key of lists of instances, in the order of the list. */
export type InstancePosition = readonly [bigint, bigint, bigint];

/** The order of a list: whichever an index gives for the filter, so that a page costs a page. */
export type InstanceOrder = 'APPLICATION' | 'ENVIRONMENT';

/** The order in which the filter's instances are listed. */
export function orderOf({ application, environment }: InstanceFilter): InstanceOrder {
  return environment !== undefined && application === undefined ? 'ENVIRONMENT' : 'APPLICATION';
}

/** Where an instance stands in a list of that order. */
export function positionOf(
  {
    applicationId,
    environmentId,
    clusterId,
  }: Pick<Instance, 'applicationId' | 'environmentId' | 'clusterId'>,
  order: InstanceOrder,
): InstancePosition {
  return order === 'APPLICATION'
    ? [applicationId, environmentId, clusterId]
    : [environmentId, clusterId, applicationId];
}
