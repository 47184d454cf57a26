// OpenShift and the Operator Lifecycle Manager.
import type { DeclaredRule } from '../form/rule-form.ts';
import { faults } from './ready-cases.ts';

export const openshiftRules: readonly DeclaredRule[] = [
  {
    group: 'route.openshift.io',
    kinds: ['Route'],
    cases: [
      { when: { every: 'status.ingress', that: { condition: 'Admitted', is: 'True' } }, health: 'HEALTHY' },
      { when: { some: 'status.ingress', that: { condition: 'Admitted', is: 'False' } }, health: 'DEGRADED' },
    ],
  },
  {
    group: 'operator.openshift.io',
    kinds: ['IngressController'],
    cases: [
      ...faults('Degraded'),
      { condition: 'Available', means: { False: 'DEGRADED' } },
      { condition: 'Progressing', means: { True: 'PROGRESSING' } },
      { condition: 'Available', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: 'apps.openshift.io',
    kinds: ['DeploymentConfig'],
    cases: [
      { condition: 'Progressing', means: { False: 'DEGRADED' } },
      // Scaled to nothing it is never Available, and wants to be.
      {
        when: {
          all: [
            { condition: 'Progressing', is: 'True', reason: 'NewReplicationControllerAvailable' },
            { field: 'status.replicas', is: 0 },
          ],
        },
        health: 'HEALTHY',
      },
      { condition: 'Available', means: { False: 'DEGRADED' } },
      {
        condition: 'Progressing',
        reasons: { NewReplicationControllerAvailable: 'HEALTHY' },
        means: { '*': 'PROGRESSING' },
      },
    ],
  },
  {
    group: 'operators.coreos.com',
    kinds: ['Subscription'],
    cases: [
      ...faults('CatalogSourcesUnhealthy', 'ResolutionFailed', 'InstallPlanFailed', 'BundleUnpackFailed'),
      {
        // What is installed runs on; the newer version waits for a person.
        when: {
          all: [
            { condition: 'InstallPlanPending', is: 'True', reason: 'RequiresApproval' },
            { field: 'status.installedCSV', exists: true },
          ],
        },
        health: 'HEALTHY',
        message: 'is installed, and an upgrade waits for approval',
      },
      { condition: 'InstallPlanPending', means: { True: 'PROGRESSING' } },
      { field: 'status.state', means: { AtLatestKnown: 'HEALTHY' } },
    ],
  },
  {
    group: 'ocs.openshift.io',
    kinds: ['StorageCluster'],
    cases: [
      ...faults('Degraded'),
      { condition: 'Progressing', means: { True: 'PROGRESSING' } },
      { condition: 'Available', means: { True: 'HEALTHY' } },
    ],
  },
];
