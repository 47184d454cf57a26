// The words of instances, as GraphQL knows them.
import { registerEnumType } from '@nestjs/graphql';

export const SyncStatusEnum = {
  SYNCED: 'SYNCED',
  OUT_OF_SYNC: 'OUT_OF_SYNC',
  SYNCING: 'SYNCING',
  FAILED: 'FAILED',
  UNKNOWN: 'UNKNOWN',
} as const;
export const HealthEnum = {
  HEALTHY: 'HEALTHY',
  PROGRESSING: 'PROGRESSING',
  DEGRADED: 'DEGRADED',
  SUSPENDED: 'SUSPENDED',
  MISSING: 'MISSING',
  UNKNOWN: 'UNKNOWN',
} as const;

registerEnumType(SyncStatusEnum, {
  name: 'SyncStatus',
  description: 'How far an assignment has been carried out. Drift is counted apart and never changes it.',
  valuesMap: {
    SYNCED: { description: 'Applied and pruned.' },
    OUT_OF_SYNC: { description: 'Not yet, or not wholly: for example, a prune waits for an approval.' },
    SYNCING: { description: 'Being applied, or tried again.' },
    FAILED: { description: 'An object was refused.' },
    UNKNOWN: { description: 'Never reported, or nothing is assigned.' },
  },
});
registerEnumType(HealthEnum, {
  name: 'Health',
  description: 'What something is, from the outside: the worst of its objects.',
  valuesMap: {
    HEALTHY: { description: 'Does what it should.' },
    PROGRESSING: { description: 'On its way there.' },
    DEGRADED: { description: 'Broken, or not getting anywhere.' },
    SUSPENDED: { description: 'Stopped on purpose.' },
    MISSING: { description: 'Not in the cluster.' },
    UNKNOWN: { description: 'Nothing may be concluded.' },
  },
});
