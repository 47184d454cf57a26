// What is read of drift. Every list is paged by (first seen, id), every filter combines.
import type { Page } from '../platform/graphql/connection.ts';
import type { SlotKey } from '../delivery/domain/slot-key.ts';
import type {
  DriftDimension,
  DriftFilter,
  DriftOrder,
  DriftPosition,
  Period,
} from './domain/drift-filter.ts';
import type { SlotDrift } from './domain/drift-free.ts';
import type {
  DriftEpisode,
  DriftFacet,
  DriftFigures,
  DriftItem,
  DriftOffender,
} from './domain/drift-item.ts';

/** A page of a list. */
export interface DriftPageRequest {
  readonly first: number;
  readonly after: DriftPosition | undefined;
}

/** A page of open items. */
export interface ItemPageRequest extends DriftPageRequest {
  readonly order: DriftOrder;
}

/** Open drift of one slot, for /metrics. */
export interface SlotDriftCount {
  readonly application: string;
  readonly environment: string;
  readonly items: number;
  /** When the oldest that is listed was first seen. */
  readonly oldestAt: Date | null;
}

/** Ages are judged against `now`. */
export abstract class DriftReadStore {
  abstract items(filter: DriftFilter, request: ItemPageRequest, now: Date): Promise<Page<DriftItem>>;
  abstract itemsOfInstance(instanceId: bigint, request: DriftPageRequest): Promise<Page<DriftItem>>;
  /** Of these ids, those that the filter names, in no particular order. */
  abstract itemsByIds(ids: readonly bigint[], filter: DriftFilter, now: Date): Promise<DriftItem[]>;
  abstract endedByIds(ids: readonly bigint[], filter: DriftFilter, now: Date): Promise<DriftEpisode[]>;
  abstract episodes(
    filter: DriftFilter,
    period: Period,
    request: DriftPageRequest,
    now: Date,
  ): Promise<Page<DriftEpisode>>;
  abstract facets(
    filter: DriftFilter,
    by: readonly DriftDimension[],
    top: number,
    now: Date,
  ): Promise<DriftFacet[]>;
  abstract offenders(filter: DriftFilter, period: Period, top: number, now: Date): Promise<DriftOffender[]>;
  abstract figures(filter: DriftFilter, period: Period, now: Date): Promise<DriftFigures>;
  /** In the order of the slots. */
  abstract ofSlots(slots: readonly SlotKey[], onlineSince: Date): Promise<SlotDrift[]>;
  /** Of all slots that have any. */
  abstract slotCounts(): Promise<SlotDriftCount[]>;
}
