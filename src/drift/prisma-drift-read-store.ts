// Drift read from Postgres: pages along an index by row-value cursors, counts in one pass over what the filter names.
import { Injectable } from '@nestjs/common';
import type { SlotKey } from '../delivery/domain/slot-key.ts';
import { Database } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { DriftDimension, DriftFilter, Period } from './domain/drift-filter.ts';
import { differenceText } from './domain/drift-event.ts';
import type { SlotDrift } from './domain/drift-free.ts';
import type {
  DriftEpisode,
  DriftFacet,
  DriftFigures,
  DriftItem,
  DriftOffender,
} from './domain/drift-item.ts';
import { facetsSql } from './drift-facets-sql.ts';
import { figuresSql, offendersSql, toFigures, type FigureRow } from './drift-history-sql.ts';
import {
  endedByIdsSql,
  episodePageSql,
  itemByIdsSql,
  itemPageSql,
  type Statement,
} from './drift-page-sql.ts';
import {
  DriftReadStore,
  type DriftPageRequest,
  type ItemPageRequest,
  type SlotDriftCount,
} from './drift-read-store.ts';
import { slotCountsSql, slotDriftSql, type SlotDriftRow } from './drift-slot-sql.ts';

@Injectable()
export class PrismaDriftReadStore extends DriftReadStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async items(filter: DriftFilter, request: ItemPageRequest, now: Date): Promise<Page<DriftItem>> {
    return pageOf(await this.run<DriftItem>(itemPageSql(filter, request, now)), request.first);
  }

  override async itemsOfInstance(instanceId: bigint, request: DriftPageRequest): Promise<Page<DriftItem>> {
    return pageOf(
      await this.run<DriftItem>(itemPageSql({}, { ...request, order: 'NEWEST', instanceId })),
      request.first,
    );
  }

  override itemsByIds(ids: readonly bigint[], filter: DriftFilter, now: Date): Promise<DriftItem[]> {
    return this.run<DriftItem>(itemByIdsSql(ids, filter, now));
  }

  override endedByIds(ids: readonly bigint[], filter: DriftFilter, now: Date): Promise<DriftEpisode[]> {
    return this.run<DriftEpisode>(endedByIdsSql(ids, filter, now));
  }

  override async episodes(
    filter: DriftFilter,
    period: Period,
    request: DriftPageRequest,
    now: Date,
  ): Promise<Page<DriftEpisode>> {
    const rows = await this.run<DriftEpisode>(episodePageSql(filter, period, request, now));
    return pageOf(rows, request.first);
  }

  override facets(
    filter: DriftFilter,
    by: readonly DriftDimension[],
    top: number,
    now: Date,
  ): Promise<DriftFacet[]> {
    return this.run<DriftFacet>(facetsSql(filter, by, top, now));
  }

  override offenders(filter: DriftFilter, period: Period, top: number, now: Date): Promise<DriftOffender[]> {
    return this.run<DriftOffender>(offendersSql(filter, period, top, now));
  }

  override async figures(filter: DriftFilter, period: Period, now: Date): Promise<DriftFigures> {
    return toFigures(await this.run<FigureRow>(figuresSql(filter, period, now)));
  }

  override async ofSlots(slots: readonly SlotKey[], onlineSince: Date): Promise<SlotDrift[]> {
    const rows = await this.database.sql<SlotDriftRow>(slotDriftSql, [
      slots.map(({ applicationId }) => applicationId),
      slots.map(({ environmentId }) => environmentId),
      onlineSince,
    ]);
    return rows.map(({ example, ...drift }) => ({
      ...drift,
      example: example && {
        text: differenceText(example),
        cluster: example.cluster,
        manager: example.manager,
      },
    }));
  }

  override slotCounts(): Promise<SlotDriftCount[]> {
    return this.database.sql<SlotDriftCount>(slotCountsSql);
  }

  private run<Row>({ text, values }: Statement): Promise<Row[]> {
    return this.database.sql<Row>(text, values);
  }
}
