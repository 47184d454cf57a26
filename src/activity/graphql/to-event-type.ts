// From stored events to the API's.
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import type { StoredEvent } from '../activity-store.ts';
import type { EventType } from './event.type.ts';

/** Ids become opaque. */
export function toEventType({ id, promotionId, ...event }: StoredEvent): EventType {
  return {
    ...event,
    id: encodeId('event', id),
    promotion: promotionId === undefined ? null : encodeId('promotion', promotionId),
  };
}
