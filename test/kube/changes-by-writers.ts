// Edits, patches, replacements, other appliers and controllers on a Deployment.
import { expect } from 'vitest';
import {
  APPLY,
  by,
  container,
  CONTAINER,
  CONTAINER_POINTER,
  jsonPatch,
  patch,
  STRATEGIC,
  unknown,
  type DriftChange,
} from './drift-change.ts';
import { web } from './drift-objects.ts';

/** Edits, patches, replacements and other appliers on a Deployment. */
export const changesByWriters: readonly DriftChange[] = [
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
      // As `kubectl replace` sends it, without a version: a controller may write between the read and this.
      const { resourceVersion: _version, ...metadata } = body.metadata;
      const replacement = { ...body, metadata: { ...metadata, labels }, spec };
      const { status } = await api('PUT', `${path}?fieldManager=kubectl-replace`, replacement);
      expect(status).toBe(200);
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
