// What the API server fills into the common kinds. A default that only one of the two servers fills in would show as
// drift on one of them, so each kind is applied twice here, and must not change the second time.
import { expect } from 'vitest';
import type { Document } from './cluster-client.ts';
import type { ContractCase } from './contract-case.ts';
import { entryOf, metadataOf, versionOf } from './contract-case.ts';

interface Example {
  readonly at: string;
  readonly object: Document;
  /** What the server adds, as far as it is the same for every object of the kind. */
  readonly filled: Document;
}

const podSpec = (restartPolicy?: string): Document => ({
  containers: [{ name: 'c', image: 'registry.example/c' }],
  ...(restartPolicy !== undefined && { restartPolicy }),
});

const template: Document = { metadata: { labels: { app: 'x' } }, spec: podSpec() };
const selector: Document = { matchLabels: { app: 'x' } };
const jobTemplate: Document = { spec: podSpec('Never') };
const filledContainer = { imagePullPolicy: 'Always', terminationMessagePolicy: 'File', resources: {} };

const EXAMPLES: readonly Example[] = [
  {
    at: 'apps/v1/statefulsets/x',
    object: { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { replicas: 0, selector, template } },
    filled: {
      spec: {
        podManagementPolicy: 'OrderedReady',
        serviceName: '',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: { spec: { containers: [filledContainer] } },
      },
    },
  },
  {
    at: 'apps/v1/daemonsets/x',
    object: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      spec: { selector, template: { ...template, spec: { ...podSpec(), nodeSelector: { none: 'such' } } } },
    },
    filled: {
      metadata: { annotations: { 'deprecated.daemonset.template.generation': '1' } },
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
    },
  },
  {
    at: 'batch/v1/jobs/x',
    object: { apiVersion: 'batch/v1', kind: 'Job', spec: { suspend: true, template: jobTemplate } },
    filled: {
      metadata: { labels: { 'batch.kubernetes.io/job-name': 'x', 'job-name': 'x' } },
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': expect.any(String) } },
      },
    },
  },
  {
    at: 'batch/v1/cronjobs/x',
    object: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template: jobTemplate } } },
    },
    filled: {
      spec: {
        concurrencyPolicy: 'Allow',
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { template: { spec: { dnsPolicy: 'ClusterFirst' } } } },
      },
    },
  },
  {
    at: 'networking.k8s.io/v1/networkpolicies/x',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
    },
    filled: { spec: { policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] } },
  },
  {
    at: 'networking.k8s.io/v1/ingresses/x',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
    },
    filled: { status: { loadBalancer: {} } },
  },
  {
    at: 'autoscaling/v2/horizontalpodautoscalers/x',
    object: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
    },
    filled: {
      spec: {
        minReplicas: 1,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
      },
    },
  },
  {
    at: 'policy/v1/poddisruptionbudgets/x',
    object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { minAvailable: 1, selector } },
    filled: { spec: { minAvailable: 1 } },
  },
  {
    at: 'rbac.authorization.k8s.io/v1/rolebindings/x',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      roleRef: { kind: 'Role', name: 'x' },
      subjects: [{ kind: 'User', name: 'u' }],
    },
    filled: {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }],
    },
  },
  {
    at: 'services/headless',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      spec: { clusterIP: 'None', selector: { app: 'x' }, ports: [{ port: 80 }] },
    },
    filled: { spec: { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'], type: 'ClusterIP' } },
  },
  {
    at: 'services/node-port',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80 }] },
    },
    filled: { spec: { externalTrafficPolicy: 'Cluster', ports: [{ nodePort: expect.any(Number) }] } },
  },
  {
    at: 'services/external',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'ExternalName', externalName: 'x.example.com' },
    },
    filled: { spec: { sessionAffinity: 'None' } },
  },
  {
    at: 'serviceaccounts/x',
    object: { apiVersion: 'v1', kind: 'ServiceAccount', imagePullSecrets: [{ name: 's' }] },
    filled: { imagePullSecrets: [{ name: 's' }] },
  },
];

const named = ({ at, object }: Example): Document => ({
  ...object,
  metadata: { name: at.slice(at.lastIndexOf('/') + 1) },
});

/** More than any controller makes of a new object at once. */
const CONTROLLER_WRITES = 10;

const unchangedCases = EXAMPLES.map((example): ContractCase => ({
  name: `applying ${example.at} fills in its defaults, and applying it again changes nothing`,
  run: async (on) => {
    const first = await on.applied(example.at, named(example));
    expect(first).toMatchObject(example.filled);
    let [before, again] = [first, await on.applied(example.at, named(example))];
    expect(metadataOf(again)['generation']).toBe(metadataOf(first)['generation']);
    expect(entryOf(again, 'fairlead')).toEqual(entryOf(first, 'fairlead'));
    // A controller may write between two of them, though not between any two.
    for (let tries = 0; tries < CONTROLLER_WRITES && versionOf(again) !== versionOf(before); tries += 1) {
      [before, again] = [again, await on.applied(example.at, named(example))];
    }
    expect(versionOf(again)).toBe(versionOf(before));
  },
}));

export const defaultCases: readonly ContractCase[] = [
  ...unchangedCases,
  {
    name: 'the defaults of probes, volumes, variables and hooks are filled in',
    run: async (on) => {
      const container = {
        name: 'c',
        image: 'registry.example/c:latest',
        livenessProbe: { httpGet: { port: 80 } },
        lifecycle: { preStop: { httpGet: { port: 80, path: '/stop' } } },
        env: [
          { name: 'EMPTY', value: '' },
          { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
      };
      const volumes = [
        { name: 'a', configMap: { name: 'x' } },
        { name: 'b', secret: { secretName: 'x' } },
        { name: 'c', hostPath: { path: '/x' } },
      ];
      const spec = {
        replicas: 0,
        selector,
        template: { ...template, spec: { containers: [container], volumes } },
      };
      const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec };
      const body = await on.applied('apps/v1/deployments/x', object);
      expect(body).toMatchObject({
        spec: {
          template: {
            spec: {
              volumes: [
                { configMap: { defaultMode: 420 } },
                { secret: { defaultMode: 420 } },
                { hostPath: { type: '' } },
              ],
              containers: [
                {
                  imagePullPolicy: 'Always',
                  livenessProbe: {
                    httpGet: { path: '/', scheme: 'HTTP' },
                    timeoutSeconds: 1,
                    periodSeconds: 10,
                    successThreshold: 1,
                    failureThreshold: 3,
                  },
                  lifecycle: { preStop: { httpGet: { scheme: 'HTTP' } } },
                  env: [{ name: 'EMPTY' }, { valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
                },
              ],
            },
          },
        },
      });
      expect(JSON.stringify(body['spec'])).not.toContain('"value":""');
    },
  },
  {
    name: 'a claim is protected by a finalizer from the start',
    run: async (on) => {
      const spec = {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'none',
        resources: { requests: { storage: '1Gi' } },
      };
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
      const body = await on.applied('persistentvolumeclaims/data', claim);
      expect(metadataOf(body)['finalizers']).toEqual(['kubernetes.io/pvc-protection']);
    },
  },
  {
    name: 'a pod gets its service account and a volume with the token',
    run: async (on) => {
      await on.object('serviceaccounts/default', 'there', () => true);
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: podSpec() };
      const body = await on.applied('pods/p', pod);
      expect(body).toMatchObject({ spec: { serviceAccountName: 'default', volumes: [{ projected: {} }] } });
    },
  },
];
