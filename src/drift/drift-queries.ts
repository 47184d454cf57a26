// Reads of drift, for people and for promotions.
import { Injectable } from '@nestjs/common';
import { ClusterQueries } from '../clusters/cluster-queries.ts';
import type { SlotKey } from '../delivery/domain/slot-key.ts';
import { Clock } from '../platform/clock.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { DriftDimension, DriftFilter, Period } from './domain/drift-filter.ts';
import { driftFreedom, type DriftFreedom } from './domain/drift-free.ts';
import type {
  DriftEpisode,
  DriftFacet,
  DriftFigures,
  DriftItem,
  DriftOffender,
} from './domain/drift-item.ts';
import type { DriftException } from './domain/exception.ts';
import { DriftReadStore, type DriftPageRequest, type ItemPageRequest } from './drift-read-store.ts';
import { ExceptionStore } from './exception-store.ts';
import { RecentAnswers } from './recent-answers.ts';

const FACETS = { keptMs: 2_000, max: 200 };

@Injectable()
export class DriftQueries {
  private readonly recentFacets = new RecentAnswers<DriftFacet[]>(FACETS);

  constructor(
    private readonly store: DriftReadStore,
    private readonly exceptions: ExceptionStore,
    private readonly clusters: ClusterQueries,
    private readonly clock: Clock,
  ) {}

  items(filter: DriftFilter, request: ItemPageRequest): Promise<Page<DriftItem>> {
    return this.store.items(filter, request, this.clock.now());
  }

  /** Newest first. */
  itemsOfInstance(instanceId: bigint, request: DriftPageRequest): Promise<Page<DriftItem>> {
    return this.store.itemsOfInstance(instanceId, request);
  }

  itemsByIds(ids: readonly bigint[], filter: DriftFilter): Promise<DriftItem[]> {
    return this.store.itemsByIds(ids, filter, this.clock.now());
  }

  endedByIds(ids: readonly bigint[], filter: DriftFilter): Promise<DriftEpisode[]> {
    return this.store.endedByIds(ids, filter, this.clock.now());
  }

  /** Newest first, those still open among them. */
  episodes(filter: DriftFilter, period: Period, request: DriftPageRequest): Promise<Page<DriftEpisode>> {
    return this.store.episodes(filter, period, request, this.clock.now());
  }

  /** Up to two seconds old. */
  facets(filter: DriftFilter, by: readonly DriftDimension[], top: number): Promise<DriftFacet[]> {
    const now = this.clock.now();
    return this.recentFacets.ask(JSON.stringify([filter, by, top]), now.getTime(), () =>
      this.store.facets(filter, by, top, now),
    );
  }

  offenders(filter: DriftFilter, period: Period, top: number): Promise<DriftOffender[]> {
    return this.store.offenders(filter, period, top, this.clock.now());
  }

  figures(filter: DriftFilter, period: Period): Promise<DriftFigures> {
    return this.store.figures(filter, period, this.clock.now());
  }

  /** Newest first. */
  exceptionPage(
    active: boolean | undefined,
    request: { readonly first: number; readonly after: bigint | undefined },
  ): Promise<Page<DriftException>> {
    return this.exceptions.page(active, request);
  }

  /** In the order of the ids; `undefined` for those that do not exist. */
  async exceptionsByIds(ids: readonly bigint[]): Promise<(DriftException | undefined)[]> {
    const found = new Map((await this.exceptions.byIds(ids)).map((exception) => [exception.id, exception]));
    return ids.map((id) => found.get(id));
  }

  /** Whether a slot is free of drift, in words: what the gate driftFree asks before a promotion starts. */
  async driftFree(slot: SlotKey): Promise<DriftFreedom> {
    const [answer] = await this.driftFreeOf([slot]);
    if (!answer) throw new Error('one slot makes one answer');
    return answer;
  }

  /** The same for many slots in one statement, in their order. */
  async driftFreeOf(slots: readonly SlotKey[]): Promise<DriftFreedom[]> {
    if (slots.length === 0) return [];
    const { onlineSince } = this.clusters.limits();
    return (await this.store.ofSlots(slots, onlineSince)).map(driftFreedom);
  }
}
