// OpenKruise jobs. Its workloads compare counts with partitions, see kinds/kruise-workload-health.ts.
import type { DeclaredRule } from '../form/rule-form.ts';

export const kruiseRules: readonly DeclaredRule[] = [
  {
    group: 'apps.kruise.io',
    kinds: ['AdvancedCronJob'],
    cases: [
      {
        when: { field: 'spec.paused', is: true },
        health: 'SUSPENDED',
        reason: 'Paused',
        message: 'its schedule is paused',
      },
      {
        when: { field: 'status.active', exists: true },
        health: 'PROGRESSING',
        reason: 'JobRunning',
        message: 'a job of it is running',
      },
      {
        when: { field: 'status.lastScheduleTime', exists: true },
        health: 'HEALTHY',
        reason: 'Scheduled',
        message: 'its last job has ended',
      },
      {
        when: { field: 'status', exists: true },
        health: 'DEGRADED',
        reason: 'NotScheduled',
        message: 'has never been scheduled',
      },
    ],
  },
  {
    group: 'apps.kruise.io',
    kinds: ['BroadcastJob'],
    cases: [
      {
        when: { field: 'spec.paused', is: true },
        health: 'SUSPENDED',
        reason: 'Paused',
        message: 'is paused',
      },
      { field: 'status.phase', means: { completed: 'HEALTHY', failed: 'DEGRADED', paused: 'SUSPENDED' } },
    ],
  },
  {
    group: 'game.kruise.io',
    kinds: ['GameServer'],
    cases: [
      {
        field: 'status.currentState',
        means: { Ready: 'HEALTHY', Crash: 'DEGRADED', Unknown: 'UNKNOWN', '*': 'PROGRESSING' },
      },
    ],
  },
];
