// Reads instances for people.
import type { ObjectReport } from '@fairlead/protocol/report';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Page } from '../platform/graphql/connection.ts';
import type { FleetSummary } from './domain/fleet-summary.ts';
import type { Instance, InstanceFilter, InstancePosition } from './domain/instance.ts';
import type { SlotKey } from './domain/slot-key.ts';

/** An object that is not both SYNCED and HEALTHY, with its place in the report. */
export interface InstanceObject extends ObjectReport {
  readonly position: number;
}

/** A list inside an instance: how many, and after which place. */
export interface PartRequest {
  readonly first: number;
  /** -1: from the beginning. */
  readonly after: number;
}

/** An object that the prune guard holds back. */
export interface HeldObject extends ObjectRef {
  readonly position: number;
}

export abstract class InstanceStore {
  abstract page(
    filter: InstanceFilter,
    first: number,
    after: InstancePosition | undefined,
    onlineSince: Date,
  ): Promise<Page<Instance>>;
  /** Of these ids, the living ones that the filter names, in no particular order. */
  abstract byIds(ids: readonly bigint[], filter: InstanceFilter, onlineSince: Date): Promise<Instance[]>;
  abstract idOf(trackingId: string): Promise<bigint | undefined>;
  abstract objects(instanceId: bigint, request: PartRequest): Promise<Page<InstanceObject>>;
  abstract pendingPrune(instanceId: bigint, request: PartRequest): Promise<Page<HeldObject>>;
}

/** What summaries are asked for at once. */
export type SummaryKind = 'CLUSTER' | 'ENVIRONMENT' | 'APPLICATION';

export abstract class SummaryStore {
  /** From roll-ups where the filter allows, else by counting what the filter names. */
  abstract fleet(filter: InstanceFilter, onlineSince: Date): Promise<FleetSummary>;
  /** From roll-ups, in two statements for all ids; ids without instances may be missing. */
  abstract byIds(
    kind: SummaryKind,
    ids: readonly bigint[],
    onlineSince: Date,
  ): Promise<ReadonlyMap<bigint, FleetSummary>>;
  /** Keyed by `applicationId/environmentId`. */
  abstract bySlots(slots: readonly SlotKey[], onlineSince: Date): Promise<ReadonlyMap<string, FleetSummary>>;
}
