import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { LiveCache, type LiveChange } from './live-cache.ts';

const ID = '/ConfigMap/n/a';
const object = (resourceVersion: number, uid = 'u', instance = 'me'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'n',
    uid,
    resourceVersion: String(resourceVersion),
    labels: { 'fairlead.dev/instance': instance },
  },
});
const newCache = () => {
  const cache = new LiveCache(() => 0);
  const changes: LiveChange[] = [];
  cache.onChange((change) => changes.push(change));
  return { cache, changes };
};

it('keeps the newest version, whatever the order in which versions are told', () => {
  const { cache, changes } = newCache();
  cache.put(object(5));
  cache.put(object(3));
  cache.put(object(5));
  expect([cache.get(ID)?.resourceVersion, changes.length]).toEqual([5, 1]);
});

it('does not drop an object for a removal that is older than its new making', () => {
  const { cache } = newCache();
  cache.put(object(5, 'first'));
  cache.put(object(9, 'second'));
  cache.drop(ID, 7);
  expect(cache.get(ID)?.uid).toBe('second');
  cache.drop(ID, 12);
  expect(cache.get(ID)).toBeUndefined();
});

it('becomes what a list says, without losing what was written after it', () => {
  const { cache } = newCache();
  const other = { ...object(4), metadata: { ...object(4).metadata, name: 'b' } };
  cache.put(other);
  cache.put(object(20));
  cache.reconcile(() => true, [], 10);
  expect([cache.get('/ConfigMap/n/b'), cache.get(ID)?.resourceVersion]).toEqual([undefined, 20]);
});

it('keeps what the pods told while the object alone only says that it is on its way', () => {
  const { cache } = newCache();
  const deployment = (resourceVersion: number, ready: number): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'd',
      namespace: 'n',
      uid: 'u',
      generation: 1,
      resourceVersion: String(resourceVersion),
    },
    spec: { replicas: 1 },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: ready,
      availableReplicas: ready,
      ...(ready === 0 && { unavailableReplicas: 1 }),
    },
  });
  const { id } = cache.put(deployment(1, 0));
  cache.judge(id, 'u', { health: 'DEGRADED', reason: 'ImagePullBackOff', message: 'cannot pull' });
  cache.put(deployment(2, 0));
  expect(cache.get(id)?.health.health).toBe('DEGRADED');
  cache.put(deployment(3, 1));
  expect(cache.get(id)?.health.health).toBe('HEALTHY');
});
