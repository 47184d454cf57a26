// Controllers of cloud providers: AWS (ACK), Google (Config Connector, managed certificates), SAP, keiko.
import type { DeclaredRule } from '../form/rule-form.ts';
import { faults, trueOrFailed } from './ready-cases.ts';

export const cloudControllerRules: readonly DeclaredRule[] = [
  {
    // A recoverable error is tried again, but stays until someone gives the permission or the quota that is lacking.
    group: '*.services.k8s.aws',
    kinds: '*',
    cases: [
      ...faults('ACK.Terminal', 'ACK.Recoverable'),
      {
        condition: 'ACK.ResourceSynced',
        means: { True: 'HEALTHY', False: 'PROGRESSING', Unknown: 'PROGRESSING' },
      },
      { condition: 'Ready', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: '*.cnrm.cloud.google.com',
    kinds: '*',
    cases: [
      { field: 'status.healthy', means: { true: 'HEALTHY', false: 'DEGRADED' } },
      {
        condition: 'Ready',
        reasons: {
          Updating: 'PROGRESSING',
          Creating: 'PROGRESSING',
          DependencyNotReady: 'SUSPENDED',
          CreateFailed: 'DEGRADED',
          UpdateFailed: 'DEGRADED',
          DeleteFailed: 'DEGRADED',
          DependencyNotFound: 'DEGRADED',
          DependencyInvalid: 'DEGRADED',
          ManagementConflict: 'DEGRADED',
          PreActuationTransformFailed: 'DEGRADED',
          PostActuationTransformFailed: 'DEGRADED',
        },
        means: { True: 'HEALTHY' },
      },
    ],
  },
  {
    group: 'networking.gke.io',
    kinds: ['ManagedCertificate'],
    cases: [
      {
        when: { some: 'status.domainStatus', that: { field: 'status', startsWith: 'Failed' } },
        health: 'DEGRADED',
      },
      {
        field: 'status.certificateStatus',
        means: {
          Active: 'HEALTHY',
          ProvisioningFailed: 'DEGRADED',
          ProvisioningFailedPermanently: 'DEGRADED',
          RenewalFailed: 'DEGRADED',
        },
      },
    ],
  },
  {
    group: 'services.cloud.sap.com',
    kinds: ['ServiceBinding', 'ServiceInstance'],
    cases: [...faults('Failed'), { condition: 'Ready', means: { True: 'HEALTHY' } }],
  },
  {
    group: 'iammanager.keikoproj.io',
    kinds: ['Iamrole'],
    cases: [
      {
        field: 'status.state',
        means: {
          Ready: 'HEALTHY',
          Error: 'DEGRADED',
          RolesMaxLimitReached: 'DEGRADED',
          PolicyNotAllowed: 'DEGRADED',
          RoleNameNotAvailable: 'DEGRADED',
        },
        detail: 'status.errorDescription',
      },
    ],
  },
  {
    group: 'pulumi.com',
    kinds: ['Stack'],
    cases: [...faults('Stalled'), { condition: 'Ready', means: { True: 'HEALTHY' } }],
  },
  {
    group: 'tower.ansible.com',
    kinds: ['AnsibleJob'],
    cases: [
      {
        field: 'status.ansibleJobResult.status',
        means: { successful: 'HEALTHY', failed: 'DEGRADED', error: 'DEGRADED', canceled: 'DEGRADED' },
      },
    ],
  },
  { group: 'coralogix.com', kinds: '*', cases: trueOrFailed('RemoteSynced') },
  {
    group: 'core.gardener.cloud',
    kinds: ['Shoot'],
    cases: [
      {
        field: 'metadata.labels["shoot.gardener.cloud/status"]',
        means: { healthy: 'HEALTHY', progressing: 'PROGRESSING', unhealthy: 'DEGRADED', unknown: 'UNKNOWN' },
        detail: 'status.lastOperation.description',
      },
    ],
  },
];
