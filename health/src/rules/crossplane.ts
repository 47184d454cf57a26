// Crossplane and its providers (also Upbound's): Synced tells of faults, Ready of the end.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

/** Kinds that hold settings and have no controller that reports on them. */
const WITHOUT_STATUS = [
  'ClusterProviderConfig',
  'ClusterProviderConfigUsage',
  'Composition',
  'CompositionRevision',
  'ControllerConfig',
  'DeploymentRuntimeConfig',
  'EnvironmentConfig',
  'ImageConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
  'StoreConfig',
];

const synced: readonly RuleCase[] = [
  {
    condition: 'Synced',
    reasons: { ReconcilePaused: 'SUSPENDED' },
    means: { False: 'DEGRADED' },
  },
  { condition: 'LastAsyncOperation', means: { False: 'DEGRADED' } },
];

const atItsEnd: readonly RuleCase[] = [
  'Ready',
  'Healthy',
  'Offered',
  'Established',
  'ValidPipeline',
  'RevisionHealthy',
].map((condition) => ({ condition, means: { True: 'HEALTHY' } }));

const managed: readonly RuleCase[] = [
  ...synced,
  ...atItsEnd,
  {
    when: {
      all: [{ field: 'kind', is: WITHOUT_STATUS }, { not: { field: 'status.conditions', exists: true } }],
    },
    health: 'HEALTHY',
    reason: 'Exists',
    message: 'is in the cluster',
  },
];

const packages: readonly RuleCase[] = [
  ...synced,
  { condition: 'Installed', means: { False: 'DEGRADED' } },
  { condition: 'Healthy', means: { True: 'HEALTHY', False: 'DEGRADED' } },
  ...managed,
];

export const crossplaneRules: readonly DeclaredRule[] = [
  { group: '*.crossplane.io', kinds: '*', cases: managed },
  { group: '*.upbound.io', kinds: '*', cases: managed },
  { group: 'pkg.crossplane.io', kinds: '*', cases: packages },
  {
    group: 'stacks.crossplane.io',
    kinds: ['ClusterStackInstall', 'StackInstall'],
    cases: [{ condition: 'Ready', in: 'status.conditionedStatus.conditions', means: { True: 'HEALTHY' } }],
  },
];
