// Summaries of many things in one batch.
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import type { DeliveryQueries } from '../delivery-queries.ts';
import type { SummaryKind } from '../instance-store.ts';
import { toFleetSummaryType, type FleetSummaryType } from './fleet-summary.type.ts';

/** The summary of one cluster, environment or application; asked for many at once it is one batch. */
export async function loadSummary(
  context: RequestContext,
  queries: DeliveryQueries,
  kind: SummaryKind,
  id: bigint,
): Promise<FleetSummaryType> {
  const loader = context.loader(`summary ${kind}`, (ids: readonly bigint[]) =>
    queries.summariesOf(kind, ids),
  );
  return toFleetSummaryType(await loader.load(id));
}
