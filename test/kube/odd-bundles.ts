// Bundles as different authors write them: exports, generators' leavings, amounts in odd words, defaults spelt out,
// definitions with defaults of their own. None of it may ever look like drift.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';

const image = 'registry.example/odd:1';
const labels = { 'app.kubernetes.io/name': 'odd', 'app.kubernetes.io/managed-by': 'Helm' };

/** A Deployment of this pod. */
function deployment(
  name: string,
  podSpec: object,
  more: object = {},
  metadata: object = {},
): KubernetesObject {
  const selector = { matchLabels: { app: name } };
  const template = { metadata: { creationTimestamp: null, labels: { app: name } }, spec: podSpec };
  const spec = { selector, template, ...more };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, ...metadata }, spec };
}

const amounts = deployment(
  'amounts',
  {
    containers: [
      {
        name: 'a',
        image,
        resources: {
          limits: { cpu: 0.5, memory: '1024Mi', 'ephemeral-storage': '1.5G' },
          requests: { cpu: '100m', memory: 134_217_728 },
        },
      },
      { name: 'b', image, resources: {} },
    ],
    volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '2048Mi' } }],
  },
  { strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } },
);

const generated = deployment(
  'generated',
  {
    containers: [
      {
        name: 'web',
        image,
        imagePullPolicy: 'IfNotPresent',
        env: [
          { name: 'EMPTY', value: '' },
          { name: 'B', value: '$(A)' },
          { name: 'A', value: '1' },
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        ports: [
          { name: 'http', containerPort: 80 },
          { containerPort: 80, protocol: 'UDP' },
        ],
        livenessProbe: { httpGet: { path: '/', port: 'http' } },
        command: null,
        volumeMounts: [{ name: 'config', mountPath: '/etc/odd/' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: 'odd', defaultMode: 420 } }],
    securityContext: {},
    nodeSelector: null,
    tolerations: [],
    affinity: {},
  },
  { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
  { creationTimestamp: null, annotations: null, labels },
);

const stateful: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'stateful' },
  spec: {
    serviceName: 'headless',
    selector: { matchLabels: { app: 'stateful' } },
    template: {
      metadata: { labels: { app: 'stateful' } },
      spec: { containers: [{ name: 'db', image, volumeMounts: [{ name: 'disk', mountPath: '/d' }] }] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'disk', creationTimestamp: null },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
        status: {},
      },
    ],
  },
  status: { replicas: 0, availableReplicas: 0 },
};

const network: readonly KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'headless' },
    spec: { clusterIP: 'None', selector: { app: 'stateful' }, ports: [{ port: 5432 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'balanced' },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [
        { name: 'a', port: 53, protocol: 'UDP' },
        { name: 'b', port: 53, targetPort: 'dns' },
      ],
    },
    status: { loadBalancer: {} },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed' },
    spec: { podSelector: {}, ingress: [{}], egress: [], policyTypes: ['Ingress', 'Egress'] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'front' },
    spec: {
      rules: [
        {
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'balanced', port: { name: 'a' } } },
              },
            ],
          },
        },
      ],
    },
  },
];

const content: readonly KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'both' },
    type: 'Opaque',
    data: { a: 'YQ==' },
    stringData: { b: 'b', a: 'stronger' },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'odd' },
    data: { 'with.dots': 'x\n', empty: '' },
    binaryData: { raw: 'AAEC' },
  },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'odd' },
    imagePullSecrets: [{ name: 'none' }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'odd-sum' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'odd.example/part': 'yes' } }] },
    rules: [],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'odd-part', labels: { 'odd.example/part': 'yes' } },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
];

const definition: readonly KubernetesObject[] = [
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'odds.odd.example' },
    spec: {
      group: 'odd.example',
      names: { kind: 'Odd', plural: 'odds' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    size: { type: 'integer', default: 3 },
                    mode: { type: 'string' },
                    parts: {
                      type: 'array',
                      items: {
                        type: 'object',
                        properties: { n: { type: 'string' }, on: { type: 'boolean', default: true } },
                      },
                    },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          },
        },
      ],
      preserveUnknownFields: false,
    },
    status: { acceptedNames: { kind: '', plural: '' }, conditions: [], storedVersions: [] },
  },
  {
    apiVersion: 'odd.example/v1',
    kind: 'Odd',
    metadata: { name: 'first' },
    spec: { mode: 'x', parts: [{ n: 'a' }], free: { any: [1, { thing: null }] } },
  },
];

const scaled: readonly KubernetesObject[] = [
  deployment('scaled', { containers: [{ name: 'a', image }] }),
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'scaled' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'scaled' },
    spec: { maxUnavailable: '50%', selector: { matchLabels: { app: 'scaled' } } },
  },
];

const hooks: readonly KubernetesObject[] = ['Validating', 'Mutating'].map((kind) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name: 'odd' },
  webhooks: [
    {
      name: 'odd.example.com',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Ignore',
      clientConfig: { caBundle: '', service: { name: 'none', namespace: 'default', port: 443 } },
      rules: [
        { apiGroups: ['none.example'], apiVersions: ['v1'], resources: ['nothings'], operations: ['CREATE'] },
      ],
      namespaceSelector: {},
      objectSelector: {},
    },
  ],
}));

const jobs: readonly KubernetesObject[] = [
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once' },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { creationTimestamp: null },
        spec: { restartPolicy: 'Never', containers: [{ name: 'a', image, resources: {} }] },
      },
    },
    status: {},
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: {
      schedule: '@daily',
      jobTemplate: {
        metadata: { creationTimestamp: null },
        spec: {
          template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'a', image }] } },
        },
      },
    },
  },
];

/** Bundles by name. */
export const oddBundles: Readonly<Record<string, readonly KubernetesObject[]>> = {
  'amounts in odd words': [amounts],
  "a generator's leavings": [generated],
  'an export of a StatefulSet': [stateful],
  'network objects': network,
  'content, and roles that are sums': content,
  'a definition with defaults, and an object of it': definition,
  'an autoscaled workload': scaled,
  'webhooks whose authority comes later': hooks,
  jobs,
};
