// Argo: Workflows, Events, Rollouts and ApplicationSet (argoproj.io). Rollout itself needs logic, see kinds/.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults } from './ready-cases.ts';

const analysisPhases: readonly RuleCase[] = [
  {
    field: 'status.phase',
    means: {
      Pending: 'PROGRESSING',
      Running: 'PROGRESSING',
      Successful: 'HEALTHY',
      Failed: 'DEGRADED',
      Error: 'DEGRADED',
      // Neither good nor bad: a person has to look.
      Inconclusive: 'UNKNOWN',
    },
    detail: 'status.message',
  },
];

// A condition of Argo Events is Unknown while it is worked on; False is a fault.
const noneFalse: readonly RuleCase[] = [
  {
    when: { some: 'status.conditions', that: { field: 'status', is: 'False' } },
    health: 'DEGRADED',
  },
  {
    when: { every: 'status.conditions', that: { field: 'status', is: 'True' } },
    health: 'HEALTHY',
    reason: 'AllTrue',
    message: 'all of its conditions are True',
  },
];

export const argoRules: readonly DeclaredRule[] = [
  { group: 'argoproj.io', kinds: ['AnalysisRun', 'Experiment'], cases: analysisPhases },
  {
    group: 'argoproj.io',
    kinds: ['ApplicationSet'],
    cases: [
      ...faults('ErrorOccurred'),
      { condition: 'RolloutProgressing', means: { True: 'PROGRESSING' } },
      { condition: 'ResourcesUpToDate', means: { True: 'HEALTHY' } },
    ],
    // Old versions write no conditions at all.
    otherwise: 'HEALTHY',
  },
  {
    group: 'argoproj.io',
    kinds: ['CronWorkflow'],
    cases: [
      ...faults('SubmissionError', 'SpecError'),
      {
        when: { field: 'spec.suspend', is: true },
        health: 'SUSPENDED',
        message: 'its schedule is suspended',
      },
    ],
    // A schedule that waits for its time is healthy.
    otherwise: 'HEALTHY',
  },
  {
    group: 'argoproj.io',
    kinds: ['Workflow'],
    cases: [
      { when: { field: 'spec.suspend', is: true }, health: 'SUSPENDED', message: 'is suspended' },
      {
        field: 'status.phase',
        means: { Succeeded: 'HEALTHY', Failed: 'DEGRADED', Error: 'DEGRADED', '*': 'PROGRESSING' },
        detail: 'status.message',
      },
    ],
  },
  { group: 'argoproj.io', kinds: ['EventBus', 'EventSource', 'Sensor'], cases: noneFalse },
];
