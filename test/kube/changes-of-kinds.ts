// Changes of Services, ConfigMaps and Secrets.
import { expect } from 'vitest';
import { by, jsonPatch, patch, unknown, type DriftChange } from './drift-change.ts';
import { shop, settings, key } from './drift-objects.ts';

/** What differs from kind to kind. */
export const changesOfKinds: readonly DriftChange[] = [
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
