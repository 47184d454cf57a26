// The built-in kinds that are served, one line each: kind, plural, and what differs from a plain namespaced kind.
import { shapeOfKind } from '../apply/kind-shapes.ts';
import type { ResourceType, Subresource } from './resource-type.ts';

interface Options {
  readonly short?: string;
  readonly cluster?: boolean;
  readonly sub?: readonly Subresource[];
}

const STATUS: Options = { sub: ['status'] };
const CLUSTER: Options = { cluster: true };
const scalable = (short: string): Options => ({ short, sub: ['status', 'scale'] });

function group(
  name: string,
  version: string,
  kinds: readonly (readonly [string, string, Options?])[],
): ResourceType[] {
  return kinds.map(([kind, plural, options = {}]) => ({
    group: name,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: options.short === undefined ? [] : [options.short],
    namespaced: options.cluster !== true,
    subresources: options.sub ?? [],
    shape: shapeOfKind(kind),
    custom: false,
  }));
}

const core = group('', 'v1', [
  ['ConfigMap', 'configmaps', { short: 'cm' }],
  ['Endpoints', 'endpoints', { short: 'ep' }],
  ['Event', 'events', { short: 'ev' }],
  ['LimitRange', 'limitranges', { short: 'limits' }],
  ['Namespace', 'namespaces', { short: 'ns', cluster: true, sub: ['status'] }],
  ['Node', 'nodes', { short: 'no', cluster: true, sub: ['status'] }],
  ['PersistentVolumeClaim', 'persistentvolumeclaims', { short: 'pvc', sub: ['status'] }],
  ['PersistentVolume', 'persistentvolumes', { short: 'pv', cluster: true, sub: ['status'] }],
  ['Pod', 'pods', { short: 'po', sub: ['status'] }],
  ['ResourceQuota', 'resourcequotas', { short: 'quota', sub: ['status'] }],
  ['Secret', 'secrets'],
  ['ServiceAccount', 'serviceaccounts', { short: 'sa' }],
  ['Service', 'services', { short: 'svc', sub: ['status'] }],
]);

const workloads = [
  ...group('apps', 'v1', [
    ['ControllerRevision', 'controllerrevisions'],
    ['DaemonSet', 'daemonsets', { short: 'ds', sub: ['status'] }],
    ['Deployment', 'deployments', scalable('deploy')],
    ['ReplicaSet', 'replicasets', scalable('rs')],
    ['StatefulSet', 'statefulsets', scalable('sts')],
  ]),
  ...group('batch', 'v1', [
    ['CronJob', 'cronjobs', { short: 'cj', sub: ['status'] }],
    ['Job', 'jobs', STATUS],
  ]),
  ...group('autoscaling', 'v2', [
    ['HorizontalPodAutoscaler', 'horizontalpodautoscalers', { short: 'hpa', sub: ['status'] }],
  ]),
  ...group('policy', 'v1', [
    ['PodDisruptionBudget', 'poddisruptionbudgets', { short: 'pdb', sub: ['status'] }],
  ]),
];

const network = [
  ...group('networking.k8s.io', 'v1', [
    ['Ingress', 'ingresses', { short: 'ing', sub: ['status'] }],
    ['IngressClass', 'ingressclasses', CLUSTER],
    ['NetworkPolicy', 'networkpolicies', { short: 'netpol' }],
  ]),
  ...group('discovery.k8s.io', 'v1', [['EndpointSlice', 'endpointslices']]),
];

const access = group('rbac.authorization.k8s.io', 'v1', [
  ['ClusterRole', 'clusterroles', CLUSTER],
  ['ClusterRoleBinding', 'clusterrolebindings', CLUSTER],
  ['Role', 'roles'],
  ['RoleBinding', 'rolebindings'],
]);

const platform = [
  ...group('admissionregistration.k8s.io', 'v1', [
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', CLUSTER],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', CLUSTER],
  ]),
  ...group('apiextensions.k8s.io', 'v1', [
    [
      'CustomResourceDefinition',
      'customresourcedefinitions',
      { short: 'crd', cluster: true, sub: ['status'] },
    ],
  ]),
  ...group('apiregistration.k8s.io', 'v1', [
    ['APIService', 'apiservices', { cluster: true, sub: ['status'] }],
  ]),
  ...group('coordination.k8s.io', 'v1', [['Lease', 'leases']]),
  ...group('scheduling.k8s.io', 'v1', [['PriorityClass', 'priorityclasses', { short: 'pc', cluster: true }]]),
  ...group('storage.k8s.io', 'v1', [['StorageClass', 'storageclasses', { short: 'sc', cluster: true }]]),
];

/** Every built-in kind, in the order in which discovery names them. */
export const BUILTIN_RESOURCES: readonly ResourceType[] = [
  ...core,
  ...workloads,
  ...network,
  ...access,
  ...platform,
];
