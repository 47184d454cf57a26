// What the schemas do not say: the content without which the API server takes no object of a kind. By version and kind.
import type { Json } from '@fairlead/protocol/kubernetes-object';

const labels = { app: 'made' };
const selector = { matchLabels: labels };
const podSpec = { containers: [{ name: 'made', image: 'registry.example/made:1' }] };
const template = { metadata: { labels }, spec: podSpec };
const jobTemplate = { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } };

/** Content besides `metadata`; `name` where the kind wants a certain one. */
export const smallestObjects: Readonly<Record<string, { readonly [key: string]: Json } & { name?: string }>> =
  {
    'v1/Pod': { spec: podSpec },
    'v1/PodTemplate': { template },
    'v1/ReplicationController': { spec: { selector: labels, template } },
    'v1/Service': { spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] } },
    'v1/PersistentVolume': {
      spec: {
        capacity: { storage: '1024Mi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/made' },
      },
    },
    'v1/PersistentVolumeClaim': {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
    },
    'apps/v1/Deployment': { spec: { selector, template } },
    'apps/v1/ReplicaSet': { spec: { selector, template } },
    'apps/v1/DaemonSet': { spec: { selector, template } },
    'apps/v1/StatefulSet': { spec: { selector, template, serviceName: 'made' } },
    'apps/v1/ControllerRevision': { revision: 1 },
    'batch/v1/Job': jobTemplate,
    'batch/v1/CronJob': { spec: { schedule: '0 0 1 1 *', jobTemplate } },
    'autoscaling/v2/HorizontalPodAutoscaler': {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, maxReplicas: 3 },
    },
    'discovery.k8s.io/v1/EndpointSlice': {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.2.3'] }],
      ports: [{ name: 'http', port: 80 }],
    },
    'networking.k8s.io/v1/Ingress': {
      spec: { defaultBackend: { service: { name: 'made', port: { number: 80 } } } },
    },
    'networking.k8s.io/v1/IngressClass': { spec: { controller: 'made.example/ingress' } },
    'networking.k8s.io/v1/IPAddress': {
      name: '10.250.0.1',
      spec: { parentRef: { resource: 'services', name: 'made', namespace: 'default' } },
    },
    'networking.k8s.io/v1/ServiceCIDR': { spec: { cidrs: ['10.251.0.0/24'] } },
    'policy/v1/PodDisruptionBudget': { spec: { selector, minAvailable: 1 } },
    'rbac.authorization.k8s.io/v1/RoleBinding': {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'made' },
      subjects: [{ kind: 'ServiceAccount', name: 'made', namespace: 'default' }],
    },
    'rbac.authorization.k8s.io/v1/ClusterRoleBinding': {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'made' },
    },
    'storage.k8s.io/v1/StorageClass': { provisioner: 'made.example/disk' },
    'storage.k8s.io/v1/CSINode': { name: 'none', spec: { drivers: [] } },
    'storage.k8s.io/v1/CSIStorageCapacity': { storageClassName: 'made' },
    'storage.k8s.io/v1/VolumeAttachment': {
      spec: { attacher: 'made.example', nodeName: 'none', source: { persistentVolumeName: 'none' } },
    },
    'storage.k8s.io/v1/VolumeAttributesClass': { driverName: 'made.example', parameters: { kind: 'fast' } },
    'scheduling.k8s.io/v1/PriorityClass': { value: 7 },
    'node.k8s.io/v1/RuntimeClass': { handler: 'made' },
    'coordination.k8s.io/v1/Lease': { spec: { holderIdentity: 'made', leaseDurationSeconds: 9 } },
    'flowcontrol.apiserver.k8s.io/v1/FlowSchema': {
      spec: { priorityLevelConfiguration: { name: 'made' }, matchingPrecedence: 9_000 },
    },
    'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': {
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
    },
    'apiextensions.k8s.io/v1/CustomResourceDefinition': {
      name: 'mades.made.example',
      spec: {
        group: 'made.example',
        scope: 'Namespaced',
        names: { plural: 'mades', kind: 'Made' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    },
    'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': { webhooks: [webhook()] },
    'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': { webhooks: [webhook()] },
    'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': {
      spec: { matchConstraints: matchNothing(), validations: [{ expression: 'true' }] },
    },
    'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': {
      spec: { policyName: 'none', validationActions: ['Warn'] },
    },
    'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy': {
      spec: {
        matchConstraints: matchNothing(),
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      },
    },
    'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': { spec: { policyName: 'none' } },
    'resource.k8s.io/v1/DeviceClass': { spec: {} },
    'resource.k8s.io/v1/ResourceClaim': { spec: {} },
    'resource.k8s.io/v1/ResourceClaimTemplate': { spec: { spec: {} } },
    'resource.k8s.io/v1/ResourceSlice': {
      spec: {
        driver: 'made.example',
        nodeName: 'none',
        pool: { name: 'made', generation: 1, resourceSliceCount: 1 },
        devices: [],
      },
    },
  };

function webhook(): Json {
  return {
    name: 'made.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Ignore',
    clientConfig: { service: { name: 'none', namespace: 'default' } },
    rules: [nothing()],
  };
}

function matchNothing(): Json {
  return { resourceRules: [nothing()] };
}

function nothing(): { [key: string]: Json } {
  return {
    apiGroups: ['none.example'],
    apiVersions: ['v1'],
    resources: ['nothings'],
    operations: ['CREATE'],
  };
}
