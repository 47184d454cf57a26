// Policies: Kyverno, Open Cluster Management.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

const compliance: RuleCase = {
  field: 'status.compliant',
  means: { Compliant: 'HEALTHY', NonCompliant: 'DEGRADED' },
};

export const policyRules: readonly DeclaredRule[] = [
  {
    group: 'kyverno.io',
    kinds: ['ClusterPolicy', 'Policy'],
    cases: [
      { condition: 'Ready', means: { True: 'HEALTHY' } },
      { field: 'status.ready', means: { true: 'HEALTHY' } },
    ],
  },
  { group: 'policy.open-cluster-management.io', kinds: ['CertificatePolicy'], cases: [compliance] },
  {
    group: 'policy.open-cluster-management.io',
    kinds: ['ConfigurationPolicy'],
    cases: [
      {
        when: { not: { field: 'status.lastEvaluatedGeneration', sameAs: 'metadata.generation' } },
        health: 'PROGRESSING',
        reason: 'NotEvaluated',
        message: 'has not yet been evaluated as it now stands',
      },
      compliance,
    ],
  },
  {
    group: 'policy.open-cluster-management.io',
    kinds: ['OperatorPolicy'],
    cases: [{ condition: 'Compliant', means: { True: 'HEALTHY', False: 'DEGRADED' } }],
  },
  {
    group: 'policy.open-cluster-management.io',
    kinds: ['Policy'],
    cases: [
      {
        field: 'status.compliant',
        means: { Compliant: 'HEALTHY', NonCompliant: 'DEGRADED', '*': 'PROGRESSING' },
      },
      // A policy that is disabled, or placed on no cluster, has nobody to comply with it.
      {
        when: { field: 'status', exists: true },
        health: 'HEALTHY',
        reason: 'NothingToComply',
        message: 'is placed, and no cluster has to comply with it',
      },
    ],
  },
];
