// The closed sets of words for how far an assignment has been carried out.

/**
 * Speaks of the assignment alone; drift is counted apart and never changes it.
 * SYNCED: applied and pruned. OUT_OF_SYNC: not yet, or not wholly (a prune waits for approval). SYNCING: being
 * applied or retried. FAILED: an object was refused. UNKNOWN: never reported, or nothing assigned.
 */
export type SyncStatus = 'SYNCED' | 'OUT_OF_SYNC' | 'SYNCING' | 'FAILED' | 'UNKNOWN';

/** What one pass did with one object. */
export type ApplyOutcome =
  'CREATED' | 'CONFIGURED' | 'UNCHANGED' | 'DELETED' | 'SKIPPED' | 'FAILED' | 'UNKNOWN';
