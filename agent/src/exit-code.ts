// Why the agent's process ended, for whoever starts it again.

/** Exit codes of the process. A Deployment starts it again after each of them, later and later. */
export const EXIT_CODES = {
  /** Asked to stop, by SIGTERM or SIGINT. */
  STOPPED: 0,
  /** A fault of the agent. */
  FAILED: 1,
  /** The configuration is wrong. */
  MISCONFIGURED: 2,
  /** The hub refused the join; another token or name is needed. */
  JOIN_REFUSED: 3,
  /** The cluster was revoked, deleted or replaced by a rebuilt one at the hub. */
  REVOKED: 4,
  /** Another agent of the same cluster has begun a later session. */
  SESSION_REPLACED: 5,
} as const;

/** Why the agent stops. */
export type ExitReason = keyof typeof EXIT_CODES;
