// The kinds of change that people and programs make to what Git declares, each with the differences that it makes.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { expect } from 'vitest';
import type { RawApi } from '../support/raw-api.ts';
import { configMap } from './engine-objects.ts';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** What a test looks at of a difference; `time`: whether the API server tells when. */
export interface ExpectedItem extends Partial<Omit<ReportedDrift, 'episode' | 'changedAt'>> {
  readonly type: ReportedDrift['type'];
  readonly managerClass: ReportedDrift['managerClass'];
  readonly time: boolean;
}

/** One kind of change to one object. `path` is that of the object in the API. */
export interface DriftChange {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly make: (api: RawApi, path: string) => Promise<unknown>;
  readonly items: readonly ExpectedItem[];
}

const by = (manager: string, more: Partial<ExpectedItem> = {}) => ({
  manager,
  managerClass: 'PERSON' as const,
  operation: 'Update',
  masked: false,
  time: true,
  ...more,
});
/** Nobody's name stays on a field that is gone. */
const unknown = { managerClass: 'UNKNOWN' as const, masked: false, time: false };
const CONTAINER = 'spec.template.spec.containers[name=web]';
const CONTAINER_POINTER = '/spec/template/spec/containers/0';

const patch =
  (manager: string, body: unknown, type = MERGE): DriftChange['make'] =>
  async (api, path) => {
    const query = `fieldManager=${manager}${type === APPLY ? '&force=true' : ''}`;
    const { status, body: answer } = await api('PATCH', `${path}?${query}`, body, type);
    if (status >= 300) throw new Error(`${manager} at ${path}: ${status} ${JSON.stringify(answer)}`);
  };
const jsonPatch = (manager: string, ...operations: readonly object[]) =>
  patch(manager, operations, JSON_PATCH);
const container = (fields: object) => ({
  spec: { template: { spec: { containers: [{ name: 'web', ...fields }] } } },
});

/** A Deployment with some of everything that people change. */
export const web: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { team: 'shop' }, annotations: { 'shop.example/tier': 'front' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'registry.example/web:1',
            args: ['--port', '8080'],
            env: [
              { name: 'MODE', value: 'fast' },
              { name: 'DB_PASSWORD', value: 'not-for-everyone' },
            ],
            ports: [{ containerPort: 8080 }],
            resources: { limits: { cpu: '1000m', memory: '1Gi' } },
          },
        ],
      },
    },
  },
};
const shop: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
};
const settings = configMap('settings', { mode: 'fast', level: '3' });
const key: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'key' },
  stringData: { password: 'geheim', user: 'shop' },
};

/** The changes that `kubectl`'s own commands make. */
const byCommands: readonly DriftChange[] = [
  {
    name: 'kubectl scale',
    object: web,
    make: (api, path) => patch('kubectl', { spec: { replicas: 5 } })(api, `${path}/scale`),
    items: [
      {
        ...by('kubectl', { subresource: 'scale', time: false }),
        path: 'spec.replicas',
        type: 'MODIFIED',
        desired: '2',
        live: '5',
      },
    ],
  },
  {
    name: 'kubectl set image',
    object: web,
    make: patch('kubectl-set', container({ image: 'registry.example/web:hand' }), STRATEGIC),
    items: [
      {
        ...by('kubectl-set'),
        path: `${CONTAINER}.image`,
        type: 'MODIFIED',
        desired: '"registry.example/web:1"',
        live: '"registry.example/web:hand"',
      },
    ],
  },
  {
    name: 'kubectl set env, of a variable that Git sets',
    object: web,
    make: patch('kubectl-set', container({ env: [{ name: 'MODE', value: 'slow' }] }), STRATEGIC),
    items: [
      {
        ...by('kubectl-set'),
        path: `${CONTAINER}.env[name=MODE].value`,
        type: 'MODIFIED',
        desired: '"fast"',
        live: '"slow"',
      },
    ],
  },
  {
    name: 'kubectl set env, of a variable that holds a secret',
    object: web,
    make: patch('kubectl-set', container({ env: [{ name: 'DB_PASSWORD', value: 'visible!' }] }), STRATEGIC),
    items: [
      {
        ...by('kubectl-set', { masked: true }),
        path: `${CONTAINER}.env[name=DB_PASSWORD].value`,
        type: 'MODIFIED',
      },
    ],
  },
  {
    name: 'kubectl set env, of a variable of its own',
    object: web,
    make: patch('kubectl-set', container({ env: [{ name: 'DEBUG', value: '1' }] }), STRATEGIC),
    items: [
      {
        ...by('kubectl-set'),
        path: `${CONTAINER}.env[name=DEBUG]`,
        type: 'EXTRA',
        live: '{"name":"DEBUG","value":"1"}',
      },
    ],
  },
  {
    name: 'kubectl set env, removing a variable',
    object: web,
    make: jsonPatch('kubectl-set', { op: 'remove', path: `${CONTAINER_POINTER}/env/0` }),
    items: [
      {
        ...unknown,
        path: `${CONTAINER}.env[name=MODE]`,
        type: 'MISSING',
        desired: '{"name":"MODE","value":"fast"}',
      },
    ],
  },
  {
    name: 'kubectl set resources',
    object: web,
    make: patch('kubectl-set', container({ resources: { limits: { cpu: '2' } } }), STRATEGIC),
    items: [
      {
        ...by('kubectl-set'),
        path: `${CONTAINER}.resources.limits.cpu`,
        type: 'MODIFIED',
        desired: '"1"',
        live: '"2"',
      },
    ],
  },
  {
    name: 'the same amount in other words',
    object: web,
    make: patch('kubectl-set', container({ resources: { limits: { cpu: '1' } } }), STRATEGIC),
    items: [],
  },
  {
    name: 'kubectl label, over a label that Git sets',
    object: web,
    make: patch('kubectl-label', { metadata: { labels: { team: 'other' } } }),
    items: [
      {
        ...by('kubectl-label'),
        path: 'metadata.labels.team',
        type: 'MODIFIED',
        desired: '"shop"',
        live: '"other"',
      },
    ],
  },
  {
    name: 'kubectl label, taking one off',
    object: web,
    make: patch('kubectl-label', { metadata: { labels: { team: null } } }),
    items: [{ ...unknown, path: 'metadata.labels.team', type: 'MISSING', desired: '"shop"' }],
  },
  {
    name: 'kubectl label, with one of its own',
    object: web,
    make: patch('kubectl-label', { metadata: { labels: { owner: 'me' } } }),
    items: [{ ...by('kubectl-label'), path: 'metadata.labels.owner', type: 'EXTRA', live: '"me"' }],
  },
  {
    name: 'kubectl annotate',
    object: web,
    make: patch('kubectl-annotate', { metadata: { annotations: { 'shop.example/tier': 'back' } } }),
    items: [
      {
        ...by('kubectl-annotate'),
        path: 'metadata.annotations["shop.example/tier"]',
        type: 'MODIFIED',
        desired: '"front"',
        live: '"back"',
      },
    ],
  },
  {
    name: 'kubectl rollout restart',
    object: web,
    make: patch(
      'kubectl-rollout',
      { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } },
      STRATEGIC,
    ),
    items: [
      {
        ...by('kubectl-rollout'),
        path: 'spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]',
        type: 'EXTRA',
        live: '"now"',
      },
    ],
  },
  {
    name: 'kubectl rollout pause',
    object: web,
    make: patch('kubectl-rollout', { spec: { paused: true } }, STRATEGIC),
    items: [{ ...by('kubectl-rollout'), path: 'spec.paused', type: 'EXTRA', live: 'true' }],
  },
  {
    name: 'kubectl delete',
    object: web,
    make: (api, path) => api('DELETE', path),
    items: [{ ...unknown, type: 'MISSING' }],
  },
];

/** Edits, patches, replacements and other appliers on a Deployment. */
const byWriters: readonly DriftChange[] = [
  {
    name: 'kubectl edit, with a sidecar',
    object: web,
    make: patch(
      'kubectl-edit',
      {
        spec: {
          template: { spec: { containers: [{ name: 'spy', image: 'registry.example/spy:1' }] } },
        },
      },
      STRATEGIC,
    ),
    items: [
      {
        ...by('kubectl-edit'),
        path: 'spec.template.spec.containers[name=spy]',
        type: 'EXTRA',
        live: expect.stringContaining('registry.example/spy:1') as string,
      },
    ],
  },
  {
    name: 'kubectl edit, of a port of a container',
    object: web,
    make: jsonPatch('kubectl-edit', {
      op: 'replace',
      path: `${CONTAINER_POINTER}/ports/0/containerPort`,
      value: 9090,
    }),
    items: [
      {
        ...unknown,
        path: `${CONTAINER}.ports[containerPort=8080,protocol=TCP]`,
        type: 'MISSING',
        desired: '{"containerPort":8080,"protocol":"TCP"}',
      },
      {
        ...by('kubectl-edit'),
        path: `${CONTAINER}.ports[containerPort=9090,protocol=TCP]`,
        type: 'EXTRA',
        live: '{"containerPort":9090,"protocol":"TCP"}',
      },
    ],
  },
  {
    name: 'kubectl edit, of a list without keys',
    object: web,
    make: jsonPatch('kubectl-edit', { op: 'add', path: `${CONTAINER_POINTER}/args/-`, value: '--verbose' }),
    items: [
      {
        ...by('kubectl-edit'),
        path: `${CONTAINER}.args`,
        type: 'MODIFIED',
        desired: '["--port","8080"]',
        live: '["--port","8080","--verbose"]',
      },
    ],
  },
  {
    name: 'kubectl patch, of two fields at once',
    object: web,
    make: jsonPatch(
      'kubectl-patch',
      { op: 'replace', path: '/spec/replicas', value: 4 },
      { op: 'remove', path: `${CONTAINER_POINTER}/resources` },
    ),
    items: [
      { ...unknown, path: `${CONTAINER}.resources.limits.cpu`, type: 'MISSING', desired: '"1"' },
      { ...unknown, path: `${CONTAINER}.resources.limits.memory`, type: 'MISSING', desired: '"1Gi"' },
      { ...by('kubectl-patch'), path: 'spec.replicas', type: 'MODIFIED', desired: '2', live: '4' },
    ],
  },
  {
    name: 'kubectl replace',
    object: web,
    make: async (api, path) => {
      const { body } = await api('GET', path);
      const spec = { ...(body['spec'] as object), replicas: 3 };
      const { team: _team, ...labels } = body.metadata.labels ?? {};
      await api('PUT', `${path}?fieldManager=kubectl-replace`, {
        ...body,
        metadata: { ...body.metadata, labels },
        spec,
      });
    },
    items: [
      { ...unknown, path: 'metadata.labels.team', type: 'MISSING', desired: '"shop"' },
      { ...by('kubectl-replace'), path: 'spec.replicas', type: 'MODIFIED', desired: '2', live: '3' },
    ],
  },
  {
    name: "another deployment tool's forced apply",
    object: web,
    make: (api, path) => {
      const body = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 7 } };
      return patch(
        'argocd-controller',
        { ...body, metadata: { name: path.split('/').at(-1) } },
        APPLY,
      )(api, path);
    },
    items: [
      {
        ...by('argocd-controller', { managerClass: 'GITOPS', operation: 'Apply' }),
        path: 'spec.replicas',
        type: 'MODIFIED',
        desired: '2',
        live: '7',
      },
    ],
  },
  {
    name: "a controller's write over what Git sets",
    object: web,
    make: patch('sizing-operator', container({ resources: { limits: { memory: '2Gi' } } }), STRATEGIC),
    items: [
      {
        ...by('sizing-operator', { managerClass: 'CONTROLLER' }),
        path: `${CONTAINER}.resources.limits.memory`,
        type: 'MODIFIED',
        desired: '"1Gi"',
        live: '"2Gi"',
      },
    ],
  },
  {
    name: "a controller's write of what nobody declared",
    object: web,
    make: patch('sizing-operator', { metadata: { annotations: { 'sizing.example/done': 'yes' } } }),
    items: [],
  },
  {
    name: 'a write to the status',
    object: web,
    make: (api, path) => patch('kubectl-edit', { status: { observedGeneration: 1 } })(api, `${path}/status`),
    items: [],
  },
  {
    name: 'managedFields that are cleared',
    object: web,
    make: patch('kubectl-patch', { metadata: { managedFields: [{}] } }),
    items: [],
  },
  {
    name: 'a value that is changed and changed back',
    object: web,
    make: async (api, path) => {
      await patch('kubectl-edit', { spec: { replicas: 6 } })(api, path);
      await patch('kubectl-edit', { spec: { replicas: 2 } })(api, path);
    },
    items: [],
  },
];

const toOtherKinds: readonly DriftChange[] = [
  {
    name: "a Service's port, replaced",
    object: shop,
    make: jsonPatch('kubectl-edit', {
      op: 'replace',
      path: '/spec/ports',
      value: [{ port: 81, protocol: 'TCP', targetPort: 81 }],
    }),
    items: [
      {
        ...unknown,
        path: 'spec.ports[port=80,protocol=TCP]',
        type: 'MISSING',
        desired: expect.stringContaining('"port":80') as string,
      },
      {
        ...by('kubectl-edit'),
        path: 'spec.ports[port=81,protocol=TCP]',
        type: 'EXTRA',
        live: '{"port":81,"protocol":"TCP","targetPort":81}',
      },
    ],
  },
  {
    name: "a Service's selector",
    object: shop,
    make: patch('kubectl-set', { spec: { selector: { app: 'nothing' } } }),
    items: [
      {
        ...by('kubectl-set'),
        path: 'spec.selector',
        type: 'MODIFIED',
        desired: '{"app":"web"}',
        live: '{"app":"nothing"}',
      },
    ],
  },
  {
    name: "a Service's type",
    object: shop,
    make: patch('kubectl-edit', { spec: { type: 'NodePort' } }),
    items: [
      {
        ...by('kubectl-edit'),
        path: 'spec.type',
        type: 'MODIFIED',
        desired: '"ClusterIP"',
        live: '"NodePort"',
      },
      // The API server fills it in, in the name of who asked for the type.
      { ...by('kubectl-edit'), path: 'spec.externalTrafficPolicy', type: 'EXTRA', live: '"Cluster"' },
    ],
  },
  {
    name: "a ConfigMap's value",
    object: settings,
    make: patch('kubectl-edit', { data: { mode: 'slow' } }),
    items: [
      { ...by('kubectl-edit'), path: 'data.mode', type: 'MODIFIED', desired: '"fast"', live: '"slow"' },
    ],
  },
  {
    name: "a ConfigMap's key, removed",
    object: settings,
    make: patch('kubectl-edit', { data: { level: null } }),
    items: [{ ...unknown, path: 'data.level', type: 'MISSING', desired: '"3"' }],
  },
  {
    name: "a ConfigMap's key, added",
    object: settings,
    make: patch('kubectl-edit', { data: { more: 'mine' } }),
    items: [{ ...by('kubectl-edit'), path: 'data.more', type: 'EXTRA', live: '"mine"' }],
  },
  {
    name: "a Secret's value",
    object: key,
    make: patch('kubectl-edit', { data: { password: 'dmlzaWJsZSE=' } }),
    items: [{ ...by('kubectl-edit', { masked: true }), path: 'data.password', type: 'MODIFIED' }],
  },
  {
    name: "a Secret's value, as stringData",
    object: key,
    make: patch('kubectl-edit', { stringData: { password: 'visible!' } }),
    items: [{ ...by('kubectl-edit', { masked: true }), path: 'data.password', type: 'MODIFIED' }],
  },
  {
    name: "a Secret's key, removed",
    object: key,
    make: patch('kubectl-edit', { data: { user: null } }),
    items: [{ ...unknown, masked: true, path: 'data.user', type: 'MISSING' }],
  },
  {
    name: "a Secret's key, added",
    object: key,
    make: patch('kubectl-edit', { data: { more: 'dmlzaWJsZSE=' } }),
    items: [{ ...by('kubectl-edit', { masked: true }), path: 'data.more', type: 'EXTRA' }],
  },
];

/** All of them. */
export const driftChanges: readonly DriftChange[] = [...byCommands, ...byWriters, ...toOtherKinds];
