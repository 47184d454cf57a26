// GitOps Promoter (promoter.argoproj.io). Strategies and transfer policies need logic, see kinds/.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

/** Until Ready speaks of the present generation nothing else in the status counts. */
export const reconciled: readonly RuleCase[] = [
  {
    when: { not: { condition: 'Ready' } },
    health: 'PROGRESSING',
    reason: 'NotReported',
    message: 'its controller has not yet reported on it',
  },
  { condition: 'Ready', means: { False: 'DEGRADED', Unknown: 'PROGRESSING' } },
];

const ready: RuleCase = { condition: 'Ready', means: { True: 'HEALTHY' } };

/** The worst phase among the entries of a list. */
function phasesOf(list: string): readonly RuleCase[] {
  return [
    { when: { some: list, that: { field: 'phase', is: 'failure' } }, health: 'DEGRADED' },
    { when: { some: list, that: { field: 'phase', is: 'pending' } }, health: 'PROGRESSING' },
  ];
}

export const promoterRules: readonly DeclaredRule[] = [
  { group: 'promoter.argoproj.io', kinds: '*', cases: [...reconciled, ready] },
  {
    group: 'promoter.argoproj.io',
    kinds: ['GitCommitStatus', 'TimedCommitStatus', 'WebRequestCommitStatus'],
    cases: [...reconciled, ...phasesOf('status.environments'), ready],
  },
  {
    group: 'promoter.argoproj.io',
    kinds: ['ArgoCDCommitStatus'],
    cases: [
      ...reconciled,
      {
        when: { field: 'status.applicationsSelected', exists: false },
        health: 'DEGRADED',
        reason: 'NoApplications',
        message: 'selects no application',
      },
      ...phasesOf('status.applicationsSelected'),
      ready,
    ],
  },
];
