// 3scale API management.
import type { DeclaredRule } from '../form/rule-form.ts';
import { faults } from './ready-cases.ts';

export const threeScaleRules: readonly DeclaredRule[] = [
  {
    group: 'apps.3scale.net',
    kinds: ['APIManager'],
    cases: [
      { condition: 'Available', means: { True: 'HEALTHY' } },
      {
        when: {
          any: [
            { field: 'status.deployments.starting', exists: true },
            { field: 'status.deployments.stopped', exists: true },
          ],
        },
        health: 'PROGRESSING',
        reason: 'DeploymentsStarting',
        message: 'some of its deployments are not ready yet',
      },
      { condition: 'Available', means: { False: 'DEGRADED' } },
    ],
  },
  {
    group: 'capabilities.3scale.net',
    kinds: '*',
    cases: [
      ...faults('Failed', 'Invalid', 'Orphan'),
      { field: 'status.state', means: { suspended: 'SUSPENDED' } },
      { field: 'status.developerUserState', means: { suspended: 'SUSPENDED' } },
      { condition: 'Waiting', means: { True: 'SUSPENDED' } },
      { condition: 'Ready', means: { True: 'HEALTHY', False: 'DEGRADED' } },
      { condition: 'Synced', means: { True: 'HEALTHY' } },
    ],
  },
];
