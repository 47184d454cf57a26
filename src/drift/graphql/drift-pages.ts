// Pages of drift as connections.
import { toConnection, type Connection, type Page } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { DriftPosition } from '../domain/drift-filter.ts';
import type { DriftEpisode, DriftItem } from '../domain/drift-item.ts';
import {
  toDriftEpisodeType,
  toDriftItemType,
  type DriftEpisodeType,
  type DriftItemType,
} from './drift.type.ts';

/** Throws INVALID for what is no cursor of these lists. */
export function itemPosition(after: string | null | undefined): DriftPosition | undefined {
  return decodeCursor(after, ['date', 'bigint']);
}

const sortKey = ({ firstSeenAt, id }: { readonly firstSeenAt: Date; readonly id: bigint }) => [
  firstSeenAt,
  id,
];

export function itemConnection(page: Page<DriftItem>, after?: string | null): Connection<DriftItemType> {
  return toConnection(page, { node: toDriftItemType, sortKey }, after);
}

export function episodeConnection(
  page: Page<DriftEpisode>,
  after?: string | null,
): Connection<DriftEpisodeType> {
  return toConnection(page, { node: toDriftEpisodeType, sortKey }, after);
}
