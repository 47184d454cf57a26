// Volumes and object stores: snapshots, Rook, MinIO, Trident, Astra, bucket claims.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

const snapshot: readonly RuleCase[] = [
  {
    when: { field: 'status.error.message', exists: true },
    health: 'DEGRADED',
    reason: 'SnapshotError',
    message: 'could not be taken',
    detail: 'status.error.message',
  },
  {
    when: { field: 'status.readyToUse', is: true },
    health: 'HEALTHY',
    reason: 'ReadyToUse',
    message: 'is ready to use',
  },
];

const rookPhases: RuleCase = {
  field: 'status.phase',
  means: {
    Ready: 'HEALTHY',
    Connected: 'HEALTHY',
    Created: 'HEALTHY',
    Failure: 'DEGRADED',
    Failed: 'DEGRADED',
    Error: 'DEGRADED',
    ReconcileFailed: 'DEGRADED',
    EmptySpec: 'DEGRADED',
  },
  detail: 'status.message',
};

const trident: readonly RuleCase[] = [
  {
    field: 'status.lastOperationStatus',
    means: { Success: 'HEALTHY', Failed: 'DEGRADED' },
    detail: 'status.message',
  },
  {
    field: 'status.status',
    means: { Installed: 'HEALTHY', Updated: 'HEALTHY', Error: 'DEGRADED', Failed: 'DEGRADED' },
    detail: 'status.message',
  },
];

const protection: readonly RuleCase[] = [
  {
    when: { field: 'status.error', exists: true },
    health: 'DEGRADED',
    reason: 'Error',
    message: 'has an error',
    detail: 'status.error',
  },
  {
    field: 'status.state',
    means: {
      Available: 'HEALTHY',
      Completed: 'HEALTHY',
      Ready: 'HEALTHY',
      Established: 'HEALTHY',
      Blocked: 'DEGRADED',
      Error: 'DEGRADED',
      Failed: 'DEGRADED',
      Unavailable: 'DEGRADED',
      Removed: 'MISSING',
    },
  },
  { condition: 'Ready', means: { True: 'HEALTHY', False: 'PROGRESSING' } },
];

export const storageRules: readonly DeclaredRule[] = [
  { group: 'snapshot.storage.k8s.io', kinds: ['VolumeSnapshot', 'VolumeSnapshotContent'], cases: snapshot },
  {
    group: 'groupsnapshot.storage.k8s.io',
    kinds: ['VolumeGroupSnapshot', 'VolumeGroupSnapshotContent'],
    cases: snapshot,
  },
  {
    group: 'objectbucket.io',
    kinds: ['ObjectBucketClaim'],
    cases: [{ field: 'status.phase', means: { Bound: 'HEALTHY', Failed: 'DEGRADED' } }],
  },
  { group: 'ceph.rook.io', kinds: '*', cases: [rookPhases] },
  {
    group: 'ceph.rook.io',
    kinds: ['CephCluster'],
    cases: [
      {
        field: 'status.ceph.health',
        // Ceph warns while it moves and repairs data, and goes on serving.
        means: {
          HEALTH_OK: 'HEALTHY',
          HEALTH_WARN: 'PROGRESSING',
          HEALTH_ERR: 'DEGRADED',
          HEALTH_CRIT: 'DEGRADED',
        },
        detail: 'status.message',
      },
      { field: 'status.state', means: { Error: 'DEGRADED' }, detail: 'status.message' },
      { field: 'status.phase', means: { Failure: 'DEGRADED' }, detail: 'status.message' },
    ],
  },
  {
    // The operator has no failed phase: it writes in prose what keeps it from going on.
    group: 'minio.min.io',
    kinds: ['Tenant'],
    cases: [
      {
        field: 'status.currentState',
        means: {
          Initialized: 'HEALTHY',
          'Statefulset not controlled by operator': 'DEGRADED',
          'Another MinIO Tenant already exists in the namespace': 'DEGRADED',
          'Tenant credentials are not set properly': 'DEGRADED',
          'Different versions across MinIO Pools': 'DEGRADED',
          'Pool Decommissioning Not Allowed': 'DEGRADED',
        },
      },
    ],
  },
  {
    group: 'trident.netapp.io',
    kinds: ['TridentBackendConfig', 'TridentOrchestrator', 'TridentProvisioner'],
    cases: trident,
  },
  { group: 'astra.netapp.io', kinds: '*', cases: protection },
  { group: 'protect.trident.netapp.io', kinds: '*', cases: protection },
  {
    group: 'astra.netapp.io',
    kinds: ['AstraConnector'],
    cases: [
      { field: 'status.natsSyncClient.registered', means: { true: 'HEALTHY' } },
      { field: 'status.registered', means: { true: 'HEALTHY' } },
      ...protection,
    ],
  },
];
