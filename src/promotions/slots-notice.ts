// Tells that the gates of slots must be asked again, after commit.
import type { Notice } from '../activity/activity-log.ts';
import type { SlotKey } from './promotion-store.ts';

/** None for no slots: people who watch them look again, and the engine advances them. */
export function slotsNotice(keys: readonly SlotKey[]): Notice[] {
  if (keys.length === 0) return [];
  const slots = keys.map(({ applicationId, environmentId }) => [
    String(applicationId),
    String(environmentId),
  ]);
  return [
    { topic: 'gates.changed', payload: { slots } },
    { topic: 'slots.changed', payload: { slots } },
  ];
}
