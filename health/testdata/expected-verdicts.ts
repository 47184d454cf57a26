// What is said of each manifest in testdata/, word by word. A file holds the object and, after it, its pods.
// The present is 2026-01-05T10:00:00Z. (A table of its own, because it is read more often than the test.)

/** Name of the file to `HEALTH Reason: message`. */
export const expectedVerdicts: Readonly<Record<string, string>> = {
  'api-service-available': 'HEALTHY Available: is available',
  'api-service-without-endpoints':
    'PROGRESSING MissingEndpoints: is not available yet: endpoints for service/metrics have no addresses',
  'config-map-exists': 'HEALTHY Exists: is in the cluster',
  'cron-job-last-run-failed': 'DEGRADED LastRunFailed: its last run did not succeed',
  'cron-job-never-succeeded': 'HEALTHY NeverSucceeded: has not succeeded yet, and may never have',
  'cron-job-not-scheduled-yet': 'HEALTHY NotScheduledYet: has not run yet',
  'cron-job-running': 'HEALTHY CronJobRunning: is running; whether this run succeeds is not known yet',
  'cron-job-succeeded': 'HEALTHY LastRunSucceeded: its last run succeeded',
  'cron-job-suspended': 'HEALTHY CronJobSuspended: its schedule is suspended',
  'custom-conditions-no-list':
    'UNKNOWN MalformedStatus: its status.conditions is not a list, so nothing can be read from it',
  'custom-generation-not-seen':
    'PROGRESSING NotObserved: its controller has seen generation 2 and not yet 3, so its status is old',
  'custom-not-available': 'PROGRESSING NotAvailable: is not available',
  'custom-not-ready': 'PROGRESSING WaitsForPayment: is not ready: no payment has arrived',
  'custom-ready': 'HEALTHY Delivered: is ready',
  'custom-reconciling': 'PROGRESSING Packing: is being reconciled: 2 of 3 parcels',
  'custom-resource-definition-established': 'HEALTHY Established: is established',
  'custom-resource-definition-installing':
    'PROGRESSING Installing: is not established: the initial names have been accepted',
  'custom-resource-definition-names-refused':
    'DEGRADED PluralConflict: its names are refused: "orders" is already in use',
  'custom-resource-definition-not-structural':
    'DEGRADED Violations: its schema is not structural: spec.type: Required value',
  'custom-stalled': 'DEGRADED OutOfStock: is stalled: article 17 is sold out',
  'custom-without-status': 'HEALTHY Exists: is in the cluster',
  'daemon-set-complete': 'HEALTHY Complete: available on 4 of 4 nodes',
  'daemon-set-on-delete': 'HEALTHY OnDelete: pods are updated when someone deletes them',
  'daemon-set-start-error':
    'DEGRADED RunContainerError: pod "log-shipper-n2": container "shipper" cannot start, RunContainerError: exec: "shipperd": not found; 1 of 2 updated, 1 unavailable',
  'daemon-set-unavailable': 'PROGRESSING ReplicasUnavailable: 4 of 4 updated, 1 unavailable',
  'daemon-set-updating': 'PROGRESSING ReplicasNotUpdated: 1 of 4 updated, 1 unavailable',
  'daemon-set-without-nodes': 'HEALTHY Complete: available on 0 of 0 nodes',
  'deployment-complete': 'HEALTHY Complete: 3 of 3 available',
  'deployment-config-missing':
    'DEGRADED CreateContainerConfigError: pod "web-1": container "web" cannot start, CreateContainerConfigError: configmap "web-settings" not found; 1 of 1 updated, 1 unavailable',
  'deployment-crash-loop':
    'DEGRADED CrashLoopBackOff: pod "api-7b-c": container "api" is in CrashLoopBackOff, last exit code 137 (OOMKilled) (1 more pod in trouble); 2 of 3 updated, 1 unavailable, 2 old still running',
  'deployment-deadline-exceeded':
    'DEGRADED ProgressDeadlineExceeded: made no progress within its deadline, 2 of 5 updated, 1 unavailable, 4 old still running',
  'deployment-deadline-exceeded-by-crashes':
    'DEGRADED CrashLoopBackOff: pod "api-1": container "api" is in CrashLoopBackOff, last exit code 1 (Error); made no progress within its deadline, 1 of 1 updated, 1 unavailable',
  'deployment-err-image-pull':
    'DEGRADED ErrImagePull: pod "web-1": container "web" cannot pull image "registry.example/web:nope": manifest unknown; 1 of 1 updated, 1 unavailable',
  'deployment-evicted-pod-remains': 'PROGRESSING ReplicasUnavailable: 2 of 2 updated, 1 unavailable',
  'deployment-generation-not-seen':
    'PROGRESSING NotObserved: its controller has seen generation 7 and not yet 8, so its status is old',
  'deployment-image-not-found':
    'DEGRADED ImagePullBackOff: pod "web-1": container "web" cannot pull image "registry.example/web:nope": manifest unknown; 1 of 1 updated, 1 old still running',
  'deployment-init-failed':
    'DEGRADED InitContainerFailed: pod "web-1": init container "migrate" failed with exit code 2 (Error); 1 of 1 updated, 1 unavailable',
  'deployment-just-created': 'PROGRESSING NotObserved: its controller has not looked at it yet',
  'deployment-numbers-in-quotes': 'PROGRESSING ReplicasNotUpdated: 0 of 1 updated, 1 unavailable',
  'deployment-old-pods-remain': 'PROGRESSING OldReplicasRunning: 5 of 5 updated, 1 old still running',
  'deployment-paused': 'SUSPENDED Paused: its roll-out is paused',
  'deployment-quota-exceeded':
    'PROGRESSING FailedCreate: 0 of 2 updated, 2 unavailable: pods "checkout-5f8c" is forbidden: exceeded quota: team-a',
  'deployment-repair-of-crash-loop':
    'PROGRESSING ReplicasNotUpdated: 1 of 2 updated, 2 unavailable, 2 old still running',
  'deployment-repair-without-pods-yet':
    'PROGRESSING ReplicasNotUpdated: 0 of 2 updated, 2 unavailable, 2 old still running',
  'deployment-rolling-out':
    'PROGRESSING ReplicasNotUpdated: 2 of 5 updated, 1 unavailable, 4 old still running',
  'deployment-scaled-to-zero': 'HEALTHY Complete: 0 of 0 available',
  'deployment-scaling-down': 'PROGRESSING SurplusReplicasRunning: 5 of 2 updated, 3 more than wanted',
  'deployment-status-no-object':
    'UNKNOWN MalformedStatus: its status is not an object, so nothing can be read from it',
  'deployment-terminating': 'PROGRESSING Terminating: is being deleted, waits for foregroundDeletion',
  'deployment-unavailable': 'PROGRESSING ReplicasUnavailable: 5 of 5 updated, 1 unavailable',
  'deployment-unschedulable':
    'DEGRADED Unschedulable: pod "trainer-1": cannot be scheduled: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.; 1 of 1 updated, 1 unavailable',
  'horizontal-pod-autoscaler-able': 'HEALTHY AbleToScale: can scale its target',
  'horizontal-pod-autoscaler-bad-annotation': 'PROGRESSING NotAbleToScale: waits to scale',
  'horizontal-pod-autoscaler-just-created': 'PROGRESSING NotAbleToScale: waits to scale',
  'horizontal-pod-autoscaler-no-metrics':
    'DEGRADED FailedGetResourceMetric: cannot scale: no metrics returned from resource metrics API',
  'horizontal-pod-autoscaler-v1-no-target':
    'DEGRADED FailedGetScale: cannot scale: deployments/scale.apps "web" not found',
  'ingress-pending': 'PROGRESSING NoAddress: waits for an ingress controller to publish its address',
  'ingress-served': 'HEALTHY HasAddress: is served at edge.example.org',
  'job-complete': 'HEALTHY JobComplete: has completed',
  'job-crashing': 'PROGRESSING JobRunning: 0 of 1 completed, 1 running',
  'job-failed': 'DEGRADED BackoffLimitExceeded: has failed: Job has reached the specified backoff limit',
  'job-image-not-found':
    'DEGRADED ErrImagePull: pod "import-1": container "import" cannot pull image "registry.example/import:0": unauthorized; 0 of 1 completed, 1 running',
  'job-not-started': 'PROGRESSING JobNotStarted: has not started yet',
  'job-resumed': 'PROGRESSING JobRunning: 0 of 1 completed, 1 running',
  'job-running': 'PROGRESSING JobRunning: 3 of 8 completed, 2 running, 1 failed',
  'job-suspended': 'SUSPENDED JobSuspended: is suspended',
  'namespace-active': 'HEALTHY Active: is active',
  'namespace-held-back': 'PROGRESSING Terminating: is being deleted: metrics.k8s.io/v1beta1 does not answer',
  'persistent-volume-claim-bound': 'HEALTHY Bound: is bound to volume "pv-17"',
  'persistent-volume-claim-lost': 'DEGRADED Lost: has lost its volume "pv-17"',
  'persistent-volume-claim-pending':
    'PROGRESSING NotBound: waits for a volume, or for the first pod that uses it',
  'persistent-volume-claim-strange-phase': 'UNKNOWN UnknownPhase: is in phase Frozen',
  'pod-creating': 'PROGRESSING PodPending: is not running yet: ContainerCreating',
  'pod-disruption-budget-just-created': 'PROGRESSING NotObserved: its controller has not looked at it yet',
  'pod-disruption-budget-sufficient': 'HEALTHY Observed: is watched over',
  'pod-disruption-budget-sync-failed':
    'DEGRADED SyncFailed: cannot be kept: found no controller for pod "web-1"',
  'pod-disruption-budget-tight':
    'HEALTHY InsufficientPods: allows no disruption now, because no pod can be spared',
  'pod-evicted': 'DEGRADED Evicted: has failed: The node was low on resource: memory.',
  'pod-failed': 'DEGRADED PodFailed: has failed: container "backup" ended with exit code 4 (Error)',
  'pod-image-pull-back-off':
    'DEGRADED ImagePullBackOff: container "shell" cannot pull image "registry.example/shell:1"',
  'pod-init-crash-loop':
    'DEGRADED CrashLoopBackOff: init container "fetch" is in CrashLoopBackOff, last exit code 6 (Error)',
  'pod-init-done': 'HEALTHY PodReady: is ready',
  'pod-invalid-image-name':
    'DEGRADED InvalidImageName: container "shell" cannot pull image "registry.example/Shell:1": repository name must be lowercase',
  'pod-node-lost': 'UNKNOWN UnknownPhase: is in phase Unknown: Node n3 does not answer.',
  'pod-not-ready': 'PROGRESSING PodNotReady: runs but is not ready: containers with unready status: [shell]',
  'pod-one-shot-crashing': 'PROGRESSING PodRunning: runs, and is meant to end',
  'pod-one-shot-kept-running': 'HEALTHY PodReady: is ready',
  'pod-one-shot-running': 'PROGRESSING PodRunning: runs, and is meant to end',
  'pod-ready': 'HEALTHY PodReady: is ready',
  'pod-restarted-once':
    'DEGRADED ContainerRestarted: is not ready after a restart, last exit code 137 (OOMKilled)',
  'pod-succeeded': 'HEALTHY PodCompleted: has run to its end',
  'pod-unschedulable-within-grace':
    'PROGRESSING Unschedulable: cannot be scheduled: 0/3 nodes are available.',
  'pod-unschedulable': 'DEGRADED Unschedulable: cannot be scheduled: 0/3 nodes are available.',
  'replica-set-complete': 'HEALTHY Complete: 2 of 2 available',
  'replica-set-refused-pods': 'DEGRADED FailedCreate: 0 of 2 available: serviceaccount "cache" not found',
  'replica-set-starting': 'PROGRESSING ReplicasUnavailable: 1 of 2 available',
  'replica-set-surplus': 'PROGRESSING SurplusReplicasRunning: 2 more than wanted',
  'service-cluster-ip': 'HEALTHY Exists: is in the cluster',
  'service-load-balancer-pending': 'PROGRESSING NoAddress: waits for the address of its load balancer',
  'service-load-balancer-ready': 'HEALTHY HasAddress: its load balancer has the address 198.51.100.7',
  'stateful-set-broken-old-pod':
    'DEGRADED CrashLoopBackOff: pod "ledger-1": container "ledger" is in CrashLoopBackOff, last exit code 3; 1 of 2 ready',
  'stateful-set-complete': 'HEALTHY Complete: 3 of 3 ready',
  'stateful-set-not-observed': 'PROGRESSING NotObserved: its controller has not looked at it yet',
  'stateful-set-on-delete-not-ready': 'PROGRESSING ReplicasNotReady: 2 of 3 ready',
  'stateful-set-on-delete': 'HEALTHY OnDelete: 3 of 3 ready; pods are updated when someone deletes them',
  'stateful-set-partition-reached': 'HEALTHY Complete: 3 of 3 ready, 2 held back by the partition',
  'stateful-set-partition-updating':
    'PROGRESSING ReplicasNotUpdated: 1 of 3 updated, 2 held back by the partition',
  'stateful-set-scaling-down': 'PROGRESSING SurplusReplicasRunning: 2 more than wanted',
  'stateful-set-starting': 'PROGRESSING ReplicasNotReady: 1 of 3 ready',
  'stateful-set-updating-without-partition': 'PROGRESSING ReplicasNotUpdated: 2 of 3 updated',
  'stateful-set-updating': 'PROGRESSING ReplicasNotUpdated: 1 of 3 updated',
};
