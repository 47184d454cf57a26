import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { differingPaths } from './compare.ts';

const object = (spec: object, metadata: object = {}, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', ...metadata },
  spec,
  ...more,
});

it('finds nothing in what the API server writes by itself', () => {
  const live = object(
    { a: 1 },
    { resourceVersion: '1', generation: 1, managedFields: [] },
    { status: { phase: 'x' } },
  );
  const wanted = object({ a: 1 }, { resourceVersion: '2', generation: 2 }, { status: { phase: 'y' } });
  expect(differingPaths(live, wanted)).toEqual([]);
});

it('names each field that differs, is missing or is too much', () => {
  const live = object({ replicas: 5, extra: true }, { labels: { 'a.b/c': 'x' } });
  const wanted = object({ replicas: 2, paused: false }, { labels: { 'a.b/c': 'y' } });
  expect([...differingPaths(live, wanted)].sort()).toEqual([
    'metadata.labels["a.b/c"]',
    'spec.extra',
    'spec.paused',
    'spec.replicas',
  ]);
});

it('compares list items by their names, whatever their order', () => {
  const live = object({
    containers: [
      { name: 'b', image: '2' },
      { name: 'a', image: 'changed' },
    ],
  });
  const wanted = object({
    containers: [
      { name: 'a', image: '1' },
      { name: 'b', image: '2' },
    ],
  });
  expect(differingPaths(live, wanted)).toEqual(['spec.containers[name=a].image']);
});

it('takes a list without names as one field when its length differs, and item by item else', () => {
  expect(differingPaths(object({ args: ['a'] }), object({ args: ['a', 'b'] }))).toEqual(['spec.args']);
  expect(differingPaths(object({ args: ['a', 'x'] }), object({ args: ['a', 'b'] }))).toEqual([
    'spec.args[1]',
  ]);
});
