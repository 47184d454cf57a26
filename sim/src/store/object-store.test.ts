// The store: versions, history, and what it forgets.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { ObjectStore } from './object-store.ts';

const KIND = '/configmaps';

const object = (name: string, value = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', uid: name, resourceVersion: '', creationTimestamp: '' },
  data: { value },
});

const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

describe('the store', () => {
  it('counts one version for all kinds', () => {
    const store = new ObjectStore(10);
    const first = store.put(KIND, object('a'));
    const second = store.put('/secrets', object('a'));
    expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1);
  });

  it('shows a list as it was at a version, whatever happened since', () => {
    const store = new ObjectStore(10);
    for (const name of ['a', 'b', 'c']) store.put(KIND, object(name));
    const { version } = store;
    store.remove(KIND, store.put(KIND, object('b', 'changed')));
    store.put(KIND, object('d'));
    expect(names(store.list(KIND))).toEqual(['a', 'c', 'd']);
    expect(names(store.listAt(KIND, 'n', version))).toEqual(['a', 'b', 'c']);
    expect(store.listAt(KIND, 'n', version)[1]).toMatchObject({ data: { value: '' } });
  });

  it('answers 410 for a version whose changes it has forgotten', () => {
    const store = new ObjectStore(5);
    const { version } = store;
    for (let count = 0; count < 11; count++) store.put(KIND, object('a', String(count)));
    expect(() => store.changesAfter(version)).toThrow(
      expect.objectContaining({ code: 410, reason: 'Expired' }),
    );
    expect(store.changesAfter(store.version - 3)).toHaveLength(3);
  });

  it('remembers nothing from before a snapshot, and counts on', () => {
    const store = new ObjectStore(5);
    store.put(KIND, object('a'));
    const other = new ObjectStore(5);
    other.restore(store.version, [...store.everything()]);
    expect(names(other.list(KIND))).toEqual(['a']);
    expect(() => other.changesAfter(store.version - 1)).toThrow(expect.objectContaining({ code: 410 }));
    expect(Number(other.put(KIND, object('b')).metadata.resourceVersion)).toBe(store.version + 1);
  });
});
