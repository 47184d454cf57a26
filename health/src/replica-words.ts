// How a roll-out is told in numbers, the same way for every workload.

/** The counts of a roll-out; each is of pods. */
export interface ReplicaCounts {
  readonly desired: number;
  readonly updated: number;
  readonly available: number;
  /** All pods that the controller counts, of whatever template. */
  readonly total: number;
}

/** `2 of 5 updated, 1 unavailable, 2 old ones still running`; parts that say nothing are left out. */
export function replicaWords({ desired, updated, available, total }: ReplicaCounts): string {
  const unavailable = Math.max(0, desired - available);
  const old = Math.max(0, total - updated);
  const surplus = Math.max(0, total - old - desired);
  return [
    `${updated} of ${desired} updated`,
    unavailable > 0 && `${unavailable} unavailable`,
    old > 0 && `${old} old still running`,
    surplus > 0 && `${surplus} more than wanted`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
