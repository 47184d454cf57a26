// Whether a cluster's agent is there, by when it was heard last.

/** The words of the API. */
export const connectionStates = ['ONLINE', 'STALE', 'OFFLINE', 'NEVER_CONNECTED', 'REVOKED'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** How long an agent may be silent before it counts as gone. */
export interface ConnectionThresholds {
  readonly staleAfterMs: number;
  readonly offlineAfterMs: number;
}

/** What the state is judged by. */
export interface ConnectionFacts {
  readonly revokedAt: Date | null;
  readonly lastSeenAt: Date | null;
}

/** The state at `now`. */
export function connectionStateAt(
  { revokedAt, lastSeenAt }: ConnectionFacts,
  now: Date,
  thresholds: ConnectionThresholds,
): ConnectionState {
  if (revokedAt) return 'REVOKED';
  if (!lastSeenAt) return 'NEVER_CONNECTED';
  const silentMs = now.getTime() - lastSeenAt.getTime();
  if (silentMs < thresholds.staleAfterMs) return 'ONLINE';
  return silentMs < thresholds.offlineAfterMs ? 'STALE' : 'OFFLINE';
}

/** The times between which states change: heard after `onlineSince` is ONLINE, after `staleSince` STALE, else OFFLINE. */
export function connectionLimits(
  now: Date,
  { staleAfterMs, offlineAfterMs }: ConnectionThresholds,
): { readonly onlineSince: Date; readonly staleSince: Date } {
  return {
    onlineSince: new Date(now.getTime() - staleAfterMs),
    staleSince: new Date(now.getTime() - offlineAfterMs),
  };
}
