// Operators of databases and search engines.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { readyOrFailed } from './ready-cases.ts';

const altinity: readonly RuleCase[] = [
  {
    field: 'status.status',
    means: { Completed: 'HEALTHY', Failed: 'DEGRADED', Aborted: 'DEGRADED', '*': 'PROGRESSING' },
    detail: 'status.error',
  },
];

const mariadb: readonly RuleCase[] = [
  {
    condition: 'Ready',
    reasons: { Failed: 'DEGRADED', Suspended: 'SUSPENDED' },
    means: { True: 'HEALTHY', False: 'PROGRESSING' },
  },
];

const mariadbJob: readonly RuleCase[] = [
  {
    when: {
      some: 'status.conditions',
      that: {
        all: [
          { field: 'type', is: 'Complete' },
          { field: 'reason', is: 'CronJobScheduled' },
          { field: 'message', is: 'Scheduled' },
        ],
      },
    },
    health: 'PROGRESSING',
    reason: 'CronJobScheduled',
    message: 'waits for its schedule',
  },
  {
    condition: 'Complete',
    reasons: {
      JobFailed: 'DEGRADED',
      CronJobFailed: 'DEGRADED',
      JobNotComplete: 'PROGRESSING',
      JobRunning: 'PROGRESSING',
      CronJobRunning: 'PROGRESSING',
      JobSuspended: 'SUSPENDED',
    },
    means: { True: 'HEALTHY', False: 'DEGRADED' },
  },
];

const mariadbGroups = ['k8s.mariadb.com', 'mariadb.mmontes.io'].flatMap((group): DeclaredRule[] => [
  { group, kinds: '*', cases: mariadb },
  { group, kinds: ['Backup', 'PhysicalBackup', 'Restore', 'SqlJob'], cases: mariadbJob },
]);

const percona: readonly RuleCase[] = [
  {
    field: 'status.state',
    means: {
      initializing: 'PROGRESSING',
      stopping: 'PROGRESSING',
      paused: 'SUSPENDED',
      ready: 'HEALTHY',
      error: 'DEGRADED',
      '*': 'UNKNOWN',
    },
    detail: 'status.message',
  },
  { when: { field: 'status', exists: true }, health: 'UNKNOWN', message: 'its status has no state' },
];

export const databaseRules: readonly DeclaredRule[] = [
  {
    group: 'acid.zalan.do',
    kinds: ['postgresql'],
    cases: [
      {
        field: 'status.PostgresClusterStatus',
        means: {
          Running: 'HEALTHY',
          Creating: 'PROGRESSING',
          Updating: 'PROGRESSING',
          CreateFailed: 'DEGRADED',
          UpdateFailed: 'DEGRADED',
          SyncFailed: 'DEGRADED',
          Invalid: 'DEGRADED',
          '*': 'UNKNOWN',
        },
      },
    ],
  },
  { group: 'clickhouse.altinity.com', kinds: ['ClickHouseInstallation'], cases: altinity },
  { group: 'clickhouse-keeper.altinity.com', kinds: ['ClickHouseKeeperInstallation'], cases: altinity },
  ...mariadbGroups,
  { group: 'psmdb.percona.com', kinds: ['PerconaServerMongoDB'], cases: percona },
  { group: 'ps.percona.com', kinds: ['PerconaServerMySQL'], cases: percona },
  { group: 'pgv2.percona.com', kinds: ['PerconaPGCluster'], cases: percona },
  {
    group: 'pxc.percona.com',
    kinds: ['PerconaXtraDBCluster'],
    cases: [
      {
        field: 'status.state',
        means: {
          initializing: 'PROGRESSING',
          ready: 'HEALTHY',
          error: 'DEGRADED',
          // Not asked for with `pause`, a cluster of this operator stops when it has lost its quorum.
          stopping: 'DEGRADED',
          '*': 'UNKNOWN',
        },
      },
    ],
  },
  {
    group: 'postgresql.cnpg.io',
    kinds: ['Cluster'],
    cases: [
      {
        when: {
          any: [
            { condition: 'cnpg.io/hibernation', is: 'True' },
            { field: 'metadata.annotations["cnpg.io/hibernation"]', is: 'on' },
          ],
        },
        health: 'SUSPENDED',
        reason: 'Hibernated',
        message: 'is hibernated',
      },
      {
        when: { field: 'metadata.annotations["cnpg.io/reconciliationLoop"]', is: 'disabled' },
        health: 'SUSPENDED',
        reason: 'ReconciliationDisabled',
        message: 'its reconciliation is switched off',
      },
      {
        field: 'status.phase',
        means: {
          'Waiting for user action': 'SUSPENDED',
          'Failing over': 'DEGRADED',
          'Not enough disk space': 'DEGRADED',
          'Unable to create required cluster objects': 'DEGRADED',
          'Cluster upgrade failed': 'DEGRADED',
          'Cluster is unrecoverable and needs manual intervention': 'DEGRADED',
          'Cluster has incomplete or invalid image catalog': 'DEGRADED',
          'Cluster cannot proceed to reconciliation due to an unknown plugin being required': 'DEGRADED',
        },
        detail: 'status.phaseReason',
      },
      { condition: 'Ready', means: { True: 'HEALTHY', False: 'PROGRESSING' }, detail: 'status.phase' },
    ],
  },
  {
    group: 'db.atlasgo.io',
    kinds: ['AtlasMigration', 'AtlasSchema'],
    cases: [
      {
        condition: 'Ready',
        reasons: { Reconciling: 'PROGRESSING' },
        means: { True: 'HEALTHY', False: 'DEGRADED' },
      },
    ],
  },
  {
    group: 'solr.apache.org',
    kinds: ['SolrCloud'],
    cases: [
      {
        when: {
          all: [
            { field: 'status.replicas', atLeast: 1 },
            { field: 'status.readyReplicas', atLeast: 'status.replicas' },
            { field: 'status.upToDateNodes', atLeast: 'status.replicas' },
          ],
        },
        health: 'HEALTHY',
        message: 'all replicas are ready and up to date',
      },
    ],
  },
  {
    group: 'zookeeper.pravega.io',
    kinds: ['ZookeeperCluster'],
    cases: [
      {
        when: {
          all: [
            { field: 'status.replicas', exists: true },
            { field: 'status.readyReplicas', atLeast: 'status.replicas' },
          ],
        },
        health: 'HEALTHY',
        message: 'all replicas are ready',
      },
    ],
  },
  { group: 'cassandra.datastax.com', kinds: ['CassandraDatacenter'], cases: readyOrFailed },
];
