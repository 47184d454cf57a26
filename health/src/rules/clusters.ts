// Nodes, autoscaling, virtual machines, identity, and clusters of clusters.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults, readyRule } from './ready-cases.ts';

/** What KubeVirt prints of a machine that cannot start. */
const BROKEN_MACHINE = [
  'CrashLoopBackOff',
  'DataVolumeError',
  'ErrImagePull',
  'ErrorPvcNotFound',
  'ErrorUnschedulable',
  'ImagePullBackOff',
];

const machine: readonly RuleCase[] = [
  ...faults('Failure'),
  { when: { field: 'status.printableStatus', is: BROKEN_MACHINE }, health: 'DEGRADED' },
  { condition: 'Paused', means: { True: 'SUSPENDED' } },
  { condition: 'Ready', means: { True: 'HEALTHY' } },
];

const operator: readonly RuleCase[] = [
  ...faults('Degraded'),
  { condition: 'Progressing', means: { True: 'PROGRESSING' } },
  { condition: 'Available', means: { True: 'HEALTHY' } },
];

const keycloak: readonly RuleCase[] = [
  ...faults('HasErrors'),
  { condition: 'RollingUpdate', means: { True: 'PROGRESSING' } },
  { condition: 'Ready', means: { True: 'HEALTHY' } },
  { condition: 'Done', means: { True: 'HEALTHY' } },
];

const karmadaBinding: readonly RuleCase[] = [
  { condition: 'Scheduled', means: { False: 'DEGRADED' } },
  {
    when: { some: 'status.aggregatedStatus', that: { field: 'health', is: 'Unhealthy' } },
    health: 'DEGRADED',
    reason: 'Unhealthy',
    message: 'is unhealthy in one of its clusters',
  },
  {
    when: {
      some: 'status.aggregatedStatus',
      that: { all: [{ not: { field: 'applied', is: true } }, { field: 'appliedMessage', exists: true }] },
    },
    health: 'DEGRADED',
    reason: 'NotApplied',
    message: 'could not be applied to one of its clusters',
  },
  { condition: 'FullyApplied', means: { True: 'HEALTHY' } },
];

export const clusterRules: readonly DeclaredRule[] = [
  {
    group: 'karpenter.sh',
    kinds: ['NodeClaim'],
    cases: [
      { condition: 'Disrupting', means: { True: 'SUSPENDED' } },
      { condition: 'Ready', means: { True: 'HEALTHY', False: 'DEGRADED' } },
    ],
  },
  readyRule('karpenter.sh', 'NodePool'),
  readyRule('karpenter.k8s.aws', 'EC2NodeClass'),
  readyRule('karpenter.azure.com', 'AKSNodeClass'),
  {
    group: 'keda.sh',
    kinds: ['ScaledJob', 'ScaledObject'],
    cases: [
      { condition: 'Ready', means: { False: 'DEGRADED' } },
      { condition: 'Paused', means: { True: 'SUSPENDED' } },
      { condition: 'Ready', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: 'kubevirt.io',
    kinds: ['VirtualMachine'],
    cases: [
      ...machine,
      {
        when: { all: [{ condition: 'Ready', is: 'False' }, { not: { field: 'status.created', is: true } }] },
        health: 'SUSPENDED',
        reason: 'Stopped',
        message: 'is stopped',
      },
    ],
  },
  {
    group: 'kubevirt.io',
    kinds: ['VirtualMachineInstance'],
    cases: [
      ...machine,
      { field: 'status.phase', means: { Failed: 'DEGRADED', Succeeded: 'SUSPENDED', Unknown: 'UNKNOWN' } },
    ],
  },
  { group: 'kubevirt.io', kinds: ['KubeVirt'], cases: operator },
  { group: 'cdi.kubevirt.io', kinds: ['CDI'], cases: operator },
  {
    group: 'cdi.kubevirt.io',
    kinds: ['DataVolume'],
    cases: [
      { condition: 'Running', reasons: { Error: 'DEGRADED' }, means: {} },
      {
        field: 'status.phase',
        means: { Succeeded: 'HEALTHY', Failed: 'DEGRADED', Paused: 'SUSPENDED', Unknown: 'UNKNOWN' },
      },
    ],
  },
  { group: 'k8s.keycloak.org', kinds: ['Keycloak', 'KeycloakRealmImport'], cases: keycloak },
  {
    group: 'keycloak.org',
    kinds: '*',
    cases: [
      { field: 'status.phase', means: { failing: 'DEGRADED' }, detail: 'status.message' },
      { field: 'status.ready', means: { true: 'HEALTHY' } },
    ],
  },
  { group: 'work.karmada.io', kinds: ['ClusterResourceBinding', 'ResourceBinding'], cases: karmadaBinding },
  {
    group: 'work.karmada.io',
    kinds: ['Work'],
    cases: [{ condition: 'Applied', means: { True: 'HEALTHY', False: 'DEGRADED' } }],
  },
  readyRule('cluster.karmada.io', 'Cluster'),
  {
    group: 'operator.karmada.io',
    kinds: ['Karmada'],
    cases: [{ condition: 'Ready', means: { True: 'HEALTHY' } }],
  },
];
