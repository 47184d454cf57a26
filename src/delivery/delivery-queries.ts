// Reads of the fleet: instances, what is wrong with them, and counts of many.
import { Injectable } from '@nestjs/common';
import { ClusterQueries } from '../clusters/cluster-queries.ts';
import type { Page } from '../platform/graphql/connection.ts';
import { EMPTY_SUMMARY, type FleetSummary } from './domain/fleet-summary.ts';
import type { Instance, InstanceFilter, InstancePosition } from './domain/instance.ts';
import type { SlotKey } from './domain/slot-key.ts';
import {
  InstanceStore,
  SummaryStore,
  type HeldObject,
  type InstanceObject,
  type PartRequest,
  type SummaryKind,
} from './instance-store.ts';

@Injectable()
export class DeliveryQueries {
  constructor(
    private readonly instances: InstanceStore,
    private readonly summaries: SummaryStore,
    private readonly clusters: ClusterQueries,
  ) {}

  /** In the order that `orderOf` names for the filter. */
  page(filter: InstanceFilter, first: number, after: InstancePosition | undefined): Promise<Page<Instance>> {
    return this.instances.page(filter, first, after, this.onlineSince());
  }

  async bySlotAndCluster(
    application: string,
    environment: string,
    cluster: string,
  ): Promise<Instance | undefined> {
    const { rows } = await this.page({ application, environment, cluster }, 1, undefined);
    return rows[0];
  }

  /** Living instances of these ids that the filter names, in no particular order. */
  byIds(ids: readonly bigint[], filter: InstanceFilter = {}): Promise<Instance[]> {
    return this.instances.byIds(ids, filter, this.onlineSince());
  }

  /** `undefined` for what does not exist or is being removed. */
  async byTrackingId(trackingId: string): Promise<Instance | undefined> {
    const id = await this.instances.idOf(trackingId);
    return id === undefined ? undefined : (await this.byIds([id]))[0];
  }

  /** Every living instance of a slot, page by page, so that a large slot is never in memory at once. */
  async *instancesOfSlot(slot: Pick<Instance, 'application' | 'environment'>): AsyncGenerator<Instance> {
    const filter = { application: slot.application, environment: slot.environment };
    let after: InstancePosition | undefined;
    for (;;) {
      const { rows, hasNext } = await this.page(filter, PAGE, after);
      yield* rows;
      const last = rows.at(-1);
      if (!hasNext || !last) return;
      after = [last.applicationId, last.environmentId, last.clusterId];
    }
  }

  objects(instanceId: bigint, request: PartRequest): Promise<Page<InstanceObject>> {
    return this.instances.objects(instanceId, request);
  }

  pendingPrune(instanceId: bigint, request: PartRequest): Promise<Page<HeldObject>> {
    return this.instances.pendingPrune(instanceId, request);
  }

  fleet(filter: InstanceFilter): Promise<FleetSummary> {
    return this.summaries.fleet(filter, this.onlineSince());
  }

  /** In the order of the ids. */
  async summariesOf(kind: SummaryKind, ids: readonly bigint[]): Promise<FleetSummary[]> {
    const found = await this.summaries.byIds(kind, ids, this.onlineSince());
    return ids.map((id) => found.get(id) ?? EMPTY_SUMMARY);
  }

  /** In the order of the slots. */
  async slotSummaries(slots: readonly SlotKey[]): Promise<FleetSummary[]> {
    const found = await this.summaries.bySlots(slots, this.onlineSince());
    return slots.map(
      ({ applicationId, environmentId }) => found.get(`${applicationId}/${environmentId}`) ?? EMPTY_SUMMARY,
    );
  }

  private onlineSince(): Date {
    return this.clusters.limits().onlineSince;
  }
}

const PAGE = 500;
