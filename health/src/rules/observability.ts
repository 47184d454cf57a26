// Metrics, logs, traces and dashboards.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults } from './ready-cases.ts';

/** The Grafana operator names the condition after what it synchronizes. */
const synchronized: Readonly<Record<string, string>> = {
  GrafanaAlertRuleGroup: 'AlertGroupSynchronized',
  GrafanaContactPoint: 'ContactPointSynchronized',
  GrafanaDashboard: 'DashboardSynchronized',
  GrafanaDatasource: 'DatasourceSynchronized',
  GrafanaFolder: 'FolderSynchronized',
  GrafanaLibraryPanel: 'LibraryPanelSynchronized',
  GrafanaMuteTiming: 'MuteTimingSynchronized',
  GrafanaNotificationPolicy: 'NotificationPolicySynchronized',
  GrafanaNotificationTemplate: 'NotificationTemplateSynchronized',
};

const grafanaRules = Object.entries(synchronized).map(([kind, condition]): DeclaredRule => {
  return {
    group: 'grafana.integreatly.org',
    kinds: [kind],
    cases: [
      ...faults('InvalidSpec', 'NoMatchingInstance', 'NoMatchingInstances'),
      {
        when: { field: 'status.NoMatchingInstances', is: true },
        health: 'DEGRADED',
        reason: 'NoMatchingInstances',
        message: 'matches no Grafana instance',
      },
      { condition, means: { True: 'HEALTHY', False: 'DEGRADED' } },
      // Older versions write no condition for it.
      {
        when: {
          all: [
            { field: 'status.hash', exists: true },
            { field: 'status.lastResync', exists: true },
          ],
        },
        health: 'HEALTHY',
        reason: 'Synchronized',
        message: 'is synchronized',
      },
    ],
  };
});

const humioCases: readonly RuleCase[] = [
  {
    field: 'status.state',
    means: {
      Exists: 'HEALTHY',
      Running: 'HEALTHY',
      ConfigError: 'DEGRADED',
      NotFound: 'MISSING',
      Unknown: 'UNKNOWN',
    },
    detail: 'status.message',
  },
];

const humioKinds = [
  'HumioAction',
  'HumioAggregateAlert',
  'HumioAlert',
  'HumioBootstrapToken',
  'HumioCluster',
  'HumioExternalCluster',
  'HumioFilterAlert',
  'HumioIngestToken',
  'HumioParser',
  'HumioRepository',
  'HumioScheduledSearch',
  'HumioView',
];

export const observabilityRules: readonly DeclaredRule[] = [
  {
    group: 'grafana.integreatly.org',
    kinds: ['Grafana'],
    cases: [
      { field: 'status.stageStatus', means: { failed: 'DEGRADED' }, detail: 'status.lastMessage' },
      {
        when: {
          all: [
            { field: 'status.stage', is: 'complete' },
            { field: 'status.stageStatus', is: 'success' },
          ],
        },
        health: 'HEALTHY',
      },
    ],
  },
  ...grafanaRules,
  {
    group: 'monitoring.coreos.com',
    kinds: ['Alertmanager', 'Prometheus', 'PrometheusAgent', 'ThanosRuler'],
    cases: [
      {
        when: { field: 'spec.paused', is: true },
        health: 'SUSPENDED',
        reason: 'Paused',
        message: 'its reconciliation is paused',
      },
      { condition: 'Reconciled', means: { False: 'DEGRADED' } },
      { condition: 'Available', means: { True: 'HEALTHY', Degraded: 'PROGRESSING', False: 'DEGRADED' } },
    ],
  },
  {
    group: 'operator.victoriametrics.com',
    kinds: '*',
    cases: [
      {
        field: 'status.updateStatus',
        means: { operational: 'HEALTHY', expanding: 'PROGRESSING', failed: 'DEGRADED', paused: 'SUSPENDED' },
        detail: 'status.reason',
      },
    ],
  },
  {
    group: 'datadoghq.com',
    kinds: ['DatadogMetric'],
    cases: [...faults('Error'), { condition: 'Valid', means: { True: 'HEALTHY', False: 'DEGRADED' } }],
  },
  {
    group: 'jaegertracing.io',
    kinds: ['Jaeger'],
    cases: [{ field: 'status.phase', means: { Running: 'HEALTHY', Failed: 'DEGRADED' } }],
  },
  {
    // An operator made with Ansible: Running stays True between two runs and tells them apart by its reason.
    group: 'kiali.io',
    kinds: ['Kiali', 'OSSMConsole'],
    cases: [
      ...faults('Failure'),
      { condition: 'Running', reasons: { Running: 'PROGRESSING', Successful: 'HEALTHY' }, means: {} },
      { condition: 'Successful', means: { True: 'HEALTHY' } },
    ],
  },
  { group: 'core.humio.com', kinds: humioKinds, cases: humioCases },
];
