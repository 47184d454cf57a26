import { expect, it } from 'vitest';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { differenceAt, ownedDifferences } from './compare.ts';
import { parsePath } from './field-path.ts';
import type { FieldTree } from './managed-fields.ts';

const object = (spec: object, owned: FieldTree = {}, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: {
    name: 'a',
    managedFields: [{ manager: 'fairlead', operation: 'Apply', fieldsV1: { 'f:spec': owned } }],
  },
  spec,
  ...more,
});
const seen = (live: object, wanted: object, owned: FieldTree) =>
  ownedDifferences(object(live), object(wanted, owned)).map(({ path, type, desired, live: now }) => [
    path,
    type,
    desired,
    now,
  ]);

it('looks at our fields alone: what the API server, controllers and others write is no difference', () => {
  expect(seen({ a: 1, nodePort: 30_001 }, { a: 1, nodePort: 30_002 }, { 'f:a': {} })).toEqual([]);
});

it('names each field that is another one or is not there, with both values', () => {
  const owned = { 'f:replicas': {}, 'f:labels': { '.': {}, 'f:a.b/c': {}, 'f:d': {} } };
  const wanted = { replicas: 2, labels: { 'a.b/c': 'y', d: 'z' } };
  expect(seen({ replicas: 5 }, wanted, owned)).toEqual([
    ['spec.replicas', 'MODIFIED', 2, 5],
    ['spec.labels["a.b/c"]', 'MISSING', 'y', undefined],
    ['spec.labels.d', 'MISSING', 'z', undefined],
  ]);
});

it('finds list items by their keys, and tells one that is away as one difference', () => {
  const owned = {
    'f:containers': {
      'k:{"name":"web"}': { '.': {}, 'f:name': {}, 'f:image': {} },
      'k:{"name":"log"}': { '.': {}, 'f:name': {} },
    },
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
  };
  const port = { port: 80, protocol: 'TCP' };
  const wanted = { containers: [{ name: 'web', image: '1' }, { name: 'log' }], ports: [port] };
  const live = {
    containers: [{ name: 'extra' }, { name: 'web', image: 'x' }],
    ports: [{ ...port, port: 81 }],
  };
  expect(seen(live, wanted, owned)).toEqual([
    ['spec.containers[name=web].image', 'MODIFIED', '1', 'x'],
    ['spec.containers[name=log]', 'MISSING', { name: 'log' }, undefined],
    ['spec.ports[port=80,protocol=TCP]', 'MISSING', port, undefined],
  ]);
});

it('takes a value that is owned whole as one field', () => {
  expect(seen({ args: ['a', 'x'] }, { args: ['a', 'b'] }, { 'f:args': {} })).toEqual([
    ['spec.args', 'MODIFIED', ['a', 'b'], ['a', 'x']],
  ]);
  expect(seen({ finalizers: [] }, { finalizers: ['a/b'] }, { 'f:finalizers': { 'v:"a/b"': {} } })).toEqual([
    ['spec.finalizers[=a/b]', 'MISSING', 'a/b', undefined],
  ]);
});

it.each<[Json, Json, boolean]>([
  ['1000m', '1', true],
  ['1024Mi', '1Gi', true],
  [2, '2', true],
  ['500m', '1', false],
  ['many', '1', false],
])('knows without the API server whether the amounts %j and %j are the same', (wanted, live, isSame) => {
  const steps = parsePath('spec.limits.cpu') ?? [];
  const found = differenceAt(object({ limits: { cpu: live } }), object({ limits: { cpu: wanted } }), steps);
  expect(found === undefined).toBe(isSame);
});
