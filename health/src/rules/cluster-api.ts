// Cluster API: clusters and machines as objects.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

const PAUSED_ANNOTATION = 'metadata.annotations["cluster.x-k8s.io/paused"]';

const paused: RuleCase = {
  when: {
    any: [
      { field: 'spec.paused', is: true },
      { field: PAUSED_ANNOTATION, exists: true },
    ],
  },
  health: 'SUSPENDED',
  reason: 'Paused',
  message: 'its reconciliation is paused',
};

// What the controllers themselves call terminal, and conditions that they mark as errors.
const failures: readonly RuleCase[] = [
  {
    when: { field: 'status.failureMessage', exists: true },
    health: 'DEGRADED',
    reason: 'Failure',
    message: 'has failed for good',
    detail: 'status.failureMessage',
  },
  {
    when: { field: 'status.failureReason', exists: true },
    health: 'DEGRADED',
    message: 'has failed for good',
    detail: 'status.failureReason',
  },
  {
    when: {
      some: 'status.conditions',
      that: {
        all: [
          { field: 'status', is: 'False' },
          { field: 'severity', is: 'Error' },
        ],
      },
    },
    health: 'DEGRADED',
  },
];

const phases: RuleCase = {
  field: 'status.phase',
  means: {
    Failed: 'DEGRADED',
    Provisioned: 'HEALTHY',
    Running: 'HEALTHY',
    Unknown: 'UNKNOWN',
    '*': 'PROGRESSING',
  },
};

export const clusterApiRules: readonly DeclaredRule[] = [
  {
    group: 'cluster.x-k8s.io',
    kinds: ['Cluster'],
    cases: [
      paused,
      ...failures,
      {
        // While it is provisioned, Ready=False only says what is still to come.
        when: {
          all: [
            {
              any: [
                { condition: 'Ready', is: 'False' },
                { condition: 'Available', is: 'False' },
              ],
            },
            { field: 'status.phase', is: 'Provisioned' },
          ],
        },
        health: 'DEGRADED',
      },
      phases,
    ],
  },
  {
    group: 'cluster.x-k8s.io',
    kinds: ['Machine', 'MachinePool'],
    cases: [
      paused,
      ...failures,
      // A machine is provisioned before its node has joined.
      { when: { field: 'status.phase', is: 'Provisioned' }, health: 'PROGRESSING' },
      phases,
    ],
  },
  {
    group: 'cluster.x-k8s.io',
    kinds: ['MachineDeployment', 'MachineSet'],
    cases: [paused, ...failures, phases],
  },
  {
    group: 'cluster.x-k8s.io',
    kinds: ['MachineHealthCheck'],
    cases: [
      paused,
      { condition: 'RemediationAllowed', means: { False: 'DEGRADED' } },
      {
        when: { field: 'status.currentHealthy', atLeast: 'status.expectedMachines' },
        health: 'HEALTHY',
        message: 'all expected machines are healthy',
      },
      {
        when: { field: 'status.expectedMachines', atLeast: 1 },
        health: 'DEGRADED',
        reason: 'UnhealthyMachines',
        message: 'fewer machines are healthy than expected',
      },
    ],
  },
  {
    group: 'controlplane.cluster.x-k8s.io',
    kinds: ['AWSManagedControlPlane'],
    cases: [
      ...failures,
      { condition: 'EKSControlPlaneUpdating', means: { True: 'PROGRESSING' } },
      {
        when: {
          all: [
            { condition: 'Ready', is: 'True' },
            { field: 'status.ready', is: true },
          ],
        },
        health: 'HEALTHY',
      },
    ],
  },
  {
    group: 'addons.cluster.x-k8s.io',
    kinds: ['ClusterResourceSet'],
    cases: [{ condition: 'ResourcesApplied', means: { True: 'HEALTHY', False: 'DEGRADED' } }],
  },
];
