// The word that wakes subscribers of drift: ids of items that came, went, or count again.
import type { Notice } from '../activity/activity-log.ts';
import { inChunks } from '../delivery/domain/chunks.ts';

/** To be noted in the transaction that changed these items. */
export function changedNotices(itemIds: readonly bigint[]): Notice[] {
  return inChunks(itemIds.map(String)).map((ids) => ({ topic: 'drift.changed', payload: { itemIds: ids } }));
}
