// What kubectl's own commands do to a Deployment.
import {
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

/** The changes that `kubectl`'s own commands make. */
export const changesByCommands: readonly DriftChange[] = [
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
    name: 'kubectl scale, to nothing',
    object: web,
    make: (api, path) => patch('kubectl', { spec: { replicas: 0 } })(api, `${path}/scale`),
    // A Scale says nothing of replicas where there are none, so nobody's name stays on the field.
    items: [{ ...unknown, path: 'spec.replicas', type: 'MODIFIED', desired: '2', live: '0' }],
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
