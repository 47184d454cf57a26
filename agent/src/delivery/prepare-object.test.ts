import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { mayRecreate, prepareObject, runsOnce } from './prepare-object.ts';

const placement = { instance: 'a'.repeat(32), namespace: 'shop', namespaced: true };
const object = (more: Partial<KubernetesObject> = {}, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...more,
  metadata: { name: 'a', ...metadata },
});

it('adds our label and the namespace, and keeps what is there', () => {
  const prepared = prepareObject(object({ data: { x: '1' } }, { labels: { app: 'a' } }), placement);
  expect(prepared).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: { x: '1' },
    metadata: {
      name: 'a',
      namespace: 'shop',
      labels: { app: 'a', 'fairlead.dev/instance': placement.instance },
    },
  });
});

it('keeps a namespace that the object names, and gives none to a kind that has none', () => {
  expect(prepareObject(object({}, { namespace: 'own' }), placement).metadata.namespace).toBe('own');
  const clusterWide = prepareObject(object({}, { namespace: 'own' }), { ...placement, namespaced: false });
  expect(clusterWide.metadata).not.toHaveProperty('namespace');
});

it('drops what only the API server writes', () => {
  const exported = object(
    { status: { phase: 'Active' } },
    { uid: 'u', resourceVersion: '1', creationTimestamp: null, managedFields: [], generation: 3 },
  );
  const prepared = prepareObject(exported, placement);
  expect([Object.keys(prepared.metadata).sort(), prepared['status']]).toEqual([
    ['labels', 'name', 'namespace'],
    undefined,
  ]);
});

it("turns a Secret's stringData into data, which wins over data as it does in the API server", () => {
  const secret = object({ kind: 'Secret', data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'größer' } });
  const prepared = prepareObject(secret, placement);
  expect(prepared).not.toHaveProperty('stringData');
  expect(prepared['data']).toEqual({ a: Buffer.from('größer').toString('base64'), b: 'Yg==' });
});

it('recreates only what says so, or is a hook', () => {
  const annotated = (annotations: Record<string, string>) => mayRecreate(object({}, { annotations }));
  expect(annotated({ 'fairlead.dev/recreate': 'true' })).toBe(true);
  expect(annotated({ 'helm.sh/hook': 'pre-install' })).toBe(true);
  expect(annotated({ 'fairlead.dev/recreate': 'yes' })).toBe(false);
});

it('knows a Job that the cluster removes by itself', () => {
  expect(runsOnce(object({ kind: 'Job', spec: { ttlSecondsAfterFinished: 0 } }))).toBe(true);
  expect(runsOnce(object({ kind: 'Job', spec: {} }))).toBe(false);
});
