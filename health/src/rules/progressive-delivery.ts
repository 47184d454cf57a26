// Canaries and checks around a roll-out: Flagger, OpenKruise Rollouts, Keptn.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

function keptn(field: string): readonly RuleCase[] {
  return [
    { field, means: { Succeeded: 'HEALTHY', Failed: 'DEGRADED', Deprecated: 'HEALTHY', '*': 'PROGRESSING' } },
  ];
}

export const progressiveDeliveryRules: readonly DeclaredRule[] = [
  {
    group: 'flagger.app',
    kinds: ['Canary'],
    cases: [
      {
        when: { field: 'spec.suspend', is: true },
        health: 'SUSPENDED',
        message: 'its analysis is suspended',
      },
      { condition: 'Promoted', means: { False: 'DEGRADED' } },
      { field: 'status.phase', means: { Initialized: 'HEALTHY', Succeeded: 'HEALTHY', Failed: 'DEGRADED' } },
    ],
  },
  {
    group: 'rollouts.kruise.io',
    kinds: ['Rollout'],
    cases: [
      {
        when: {
          all: [
            { field: 'status.phase', is: 'Progressing' },
            {
              any: [
                { field: 'status.canaryStatus.currentStepState', is: 'StepPaused' },
                { field: 'status.blueGreenStatus.currentStepState', is: 'StepPaused' },
              ],
            },
          ],
        },
        health: 'SUSPENDED',
        reason: 'StepPaused',
        message: 'is paused at a step',
        detail: 'status.message',
      },
      {
        field: 'status.phase',
        means: { Healthy: 'HEALTHY', Disabled: 'DEGRADED', Disabling: 'DEGRADED' },
        detail: 'status.message',
      },
    ],
  },
  {
    group: 'lifecycle.keptn.sh',
    kinds: ['KeptnApp', 'KeptnAppVersion', 'KeptnTask', 'KeptnWorkloadInstance', 'KeptnWorkloadVersion'],
    cases: keptn('status.status'),
  },
  { group: 'lifecycle.keptn.sh', kinds: ['KeptnEvaluation'], cases: keptn('status.overallStatus') },
  {
    group: 'metrics.keptn.sh',
    kinds: ['Analysis'],
    cases: [
      {
        when: {
          all: [
            { field: 'status.state', is: 'Completed' },
            {
              any: [
                { field: 'status.pass', is: true },
                { field: 'status.warning', is: true },
              ],
            },
          ],
        },
        health: 'HEALTHY',
      },
      {
        when: { field: 'status.state', is: 'Completed' },
        health: 'DEGRADED',
        reason: 'AnalysisFailed',
        message: 'did not pass',
      },
    ],
  },
  {
    group: 'metrics.keptn.sh',
    kinds: ['KeptnMetric'],
    cases: [
      {
        when: { field: 'status.errMsg', exists: true },
        health: 'DEGRADED',
        reason: 'QueryFailed',
        message: 'cannot be read',
        detail: 'status.errMsg',
      },
      {
        when: { field: 'status.value', exists: true },
        health: 'HEALTHY',
        reason: 'HasValue',
        message: 'has a value',
      },
    ],
  },
];
