// Which events somebody wants to see: the same rule for the list and for the feed.

/** All given ones must match; none: everything. */
export interface ActivityFilter {
  readonly kinds?: readonly string[] | undefined;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
  readonly promotionId?: bigint | undefined;
  readonly since?: Date | undefined;
}

/** What the filter looks at. */
export interface FilteredEvent {
  readonly kind: string;
  readonly at: Date;
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly promotionId?: bigint;
}

/** Whether an event passes. `since` includes its own moment. */
export function matchesActivity(filter: ActivityFilter, event: FilteredEvent): boolean {
  const { kinds, application, environment, cluster, promotionId, since } = filter;
  return [
    kinds === undefined || kinds.includes(event.kind),
    application === undefined || event.application === application,
    environment === undefined || event.environment === environment,
    cluster === undefined || event.cluster === cluster,
    promotionId === undefined || event.promotionId === promotionId,
    since === undefined || event.at >= since,
  ].every(Boolean);
}
