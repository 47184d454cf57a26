// What serves and streams: Knative, KServe, Spin, OpenFaaS, Camel, Flink, Numaflow and Numaplane.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults, readyOrFailed } from './ready-cases.ts';

// Its operators say Ready=False while they install; a status outside the three is not one of theirs.
const knativeOperator: readonly RuleCase[] = [
  {
    condition: 'Ready',
    means: { True: 'HEALTHY', False: 'PROGRESSING', Unknown: 'PROGRESSING', '*': 'DEGRADED' },
  },
];

// Numaflow and Numaplane give the reason Progressing to a child that is still on its way.
function childCondition(condition: string): RuleCase {
  return { condition, reasons: { Progressing: 'PROGRESSING' }, means: { False: 'DEGRADED' } };
}

const numaflow: readonly RuleCase[] = [
  {
    field: 'status.phase',
    means: {
      Failed: 'DEGRADED',
      Paused: 'SUSPENDED',
      Pausing: 'PROGRESSING',
      Deleting: 'PROGRESSING',
      Pending: 'PROGRESSING',
    },
    detail: 'status.message',
  },
  ...['Configured', 'Deployed', 'DaemonServiceHealthy', 'SideInputsManagersHealthy', 'VerticesHealthy'].map(
    childCondition,
  ),
  ...['ChildrenResourcesHealthy', 'PodsHealthy'].map(childCondition),
  { field: 'status.phase', means: { Running: 'HEALTHY', Succeeded: 'HEALTHY' } },
];

const numaplane: readonly RuleCase[] = [
  { field: 'status.phase', means: { Failed: 'DEGRADED', Pending: 'PROGRESSING' }, detail: 'status.message' },
  childCondition('ProgressiveUpgradeSucceeded'),
  {
    condition: 'ChildResourcesHealthy',
    reasons: { Progressing: 'PROGRESSING' },
    means: { False: 'DEGRADED', Unknown: 'PROGRESSING' },
  },
  { field: 'status.phase', means: { Deployed: 'HEALTHY' } },
];

const flink: readonly RuleCase[] = [
  { field: 'status.jobManagerDeploymentStatus', means: { ERROR: 'DEGRADED' }, detail: 'status.error' },
  {
    field: 'status.lifecycleState',
    means: { FAILED: 'DEGRADED', SUSPENDED: 'SUSPENDED' },
    detail: 'status.error',
  },
  {
    field: 'status.jobStatus.state',
    means: { FAILED: 'DEGRADED', FAILING: 'DEGRADED', SUSPENDED: 'SUSPENDED' },
    detail: 'status.error',
  },
  {
    field: 'status.jobManagerDeploymentStatus',
    means: { DEPLOYING: 'PROGRESSING', DEPLOYED_NOT_READY: 'PROGRESSING' },
  },
  {
    when: {
      any: [
        { field: 'status.reconciliationStatus.state', is: 'DEPLOYED' },
        { field: 'status.reconciliationStatus.success', is: true },
        { field: 'status.lifecycleState', is: ['STABLE', 'DEPLOYED'] },
      ],
    },
    health: 'HEALTHY',
  },
];

export const servingRules: readonly DeclaredRule[] = [
  { group: 'operator.knative.dev', kinds: ['KnativeEventing', 'KnativeServing'], cases: knativeOperator },
  { group: 'serving.knative.dev', kinds: '*', cases: readyOrFailed },
  {
    group: 'serving.kserve.io',
    kinds: ['InferenceService'],
    cases: [
      { condition: 'Stopped', means: { True: 'SUSPENDED' } },
      {
        field: 'status.modelStatus.transitionStatus',
        means: { InvalidSpec: 'DEGRADED', BlockedByFailedLoad: 'DEGRADED', InProgress: 'PROGRESSING' },
        detail: 'status.modelStatus.lastFailureInfo.message',
      },
      {
        condition: 'Ready',
        reasons: { MinimumReplicasUnavailable: 'PROGRESSING' },
        means: { True: 'HEALTHY', False: 'DEGRADED' },
      },
    ],
  },
  {
    group: 'core.spinkube.dev',
    kinds: ['SpinApp'],
    cases: [
      {
        condition: 'Progressing',
        reasons: { ProgressDeadlineExceeded: 'DEGRADED' },
        means: { True: 'PROGRESSING' },
      },
      { condition: 'Available', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: 'openfaas.com',
    kinds: ['Function'],
    cases: [
      ...faults('Stalled'),
      { condition: 'Reconciling', means: { True: 'PROGRESSING' } },
      { condition: 'Ready', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: 'camel.apache.org',
    kinds: ['Integration'],
    cases: [{ field: 'status.phase', means: { Running: 'HEALTHY', Error: 'DEGRADED' } }],
  },
  { group: 'flink.apache.org', kinds: ['FlinkDeployment', 'FlinkSessionJob'], cases: flink },
  {
    group: 'numaflow.numaproj.io',
    kinds: ['InterStepBufferService', 'MonoVertex', 'Pipeline', 'ServingPipeline', 'Vertex'],
    cases: numaflow,
  },
  {
    group: 'numaplane.numaproj.io',
    kinds: [
      'ISBServiceRollout',
      'MonoVertexRollout',
      'NumaflowController',
      'NumaflowControllerRollout',
      'PipelineRollout',
    ],
    cases: numaplane,
  },
];
