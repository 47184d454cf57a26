// Flux. Ready=False counts although Reconciling is True: the controller retries what has failed.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults, readyOrFailed } from './ready-cases.ts';

const toolkit: readonly RuleCase[] = [
  {
    when: { field: 'spec.suspend', is: true },
    health: 'SUSPENDED',
    message: 'its reconciliation is suspended',
  },
  ...faults('Stalled'),
  ...readyOrFailed,
  { condition: 'Reconciling', means: { True: 'PROGRESSING' } },
];

export const fluxRules: readonly DeclaredRule[] = [
  { group: 'helm.toolkit.fluxcd.io', kinds: ['HelmRelease'], cases: toolkit },
  { group: 'kustomize.toolkit.fluxcd.io', kinds: ['Kustomization'], cases: toolkit },
  { group: 'notification.toolkit.fluxcd.io', kinds: ['Receiver'], cases: toolkit },
  {
    group: 'image.toolkit.fluxcd.io',
    kinds: ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'],
    cases: toolkit,
  },
  {
    group: 'source.toolkit.fluxcd.io',
    kinds: ['Bucket', 'ExternalArtifact', 'GitRepository', 'HelmChart', 'OCIRepository'],
    cases: toolkit,
  },
  {
    group: 'source.toolkit.fluxcd.io',
    kinds: ['HelmRepository'],
    cases: [
      ...toolkit,
      {
        when: { field: 'spec.type', is: 'oci' },
        health: 'HEALTHY',
        reason: 'StaticObject',
        message: 'is of type oci, which no controller reports on',
      },
    ],
  },
];
