// The closed set of health words, and their order; hub, agent and every screen use these and no others.

/** What an object or an instance is, from the outside. UNKNOWN and a stale report are never shown as HEALTHY. */
export type Health = 'HEALTHY' | 'PROGRESSING' | 'DEGRADED' | 'SUSPENDED' | 'MISSING' | 'UNKNOWN';

/**
 * From best to worst: the health of many is the last of theirs in this order.
 * SUSPENDED is no fault, so it stands next to HEALTHY; UNKNOWN is worse than MISSING because nothing may be concluded.
 */
export const healthiestToWorst: readonly Health[] = [
  'HEALTHY',
  'SUSPENDED',
  'PROGRESSING',
  'DEGRADED',
  'MISSING',
  'UNKNOWN',
];
