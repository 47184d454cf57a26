import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { irrevocable, NO_ROLLBACK } from './rollback-safety.ts';

const object = (kind: string, name: string, more: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  ...more,
});
const marked = (name: string, data: string): KubernetesObject => ({
  ...object('ConfigMap', name, { data: { data } }),
  metadata: { name, namespace: 'shop', labels: { [NO_ROLLBACK]: 'true' } },
});

describe('a rollback', () => {
  it('may follow a release that only changed or added things', () => {
    const from = [object('ConfigMap', 'a', { data: { v: '2' } }), object('PersistentVolumeClaim', 'new')];
    expect(
      irrevocable(from, [object('ConfigMap', 'a', { data: { v: '1' } }), object('ConfigMap', 'gone')]),
    ).toEqual([]);
  });

  it.each(['PersistentVolumeClaim', 'CustomResourceDefinition'])(
    'cannot give back a %s that was removed',
    (kind) => {
      expect(irrevocable([], [object(kind, 'data')])).toEqual([
        expect.stringMatching(/data was removed, and what it held cannot be given back/),
      ]);
    },
  );

  it('is refused by an object that says so, once its content differs', () => {
    expect(irrevocable([marked('schema', '2')], [marked('schema', '1')])).toHaveLength(1);
    expect(irrevocable([marked('schema', '2')], [])).toHaveLength(1);
    expect(irrevocable([], [marked('schema', '1')])).toHaveLength(1);
    expect(irrevocable([marked('schema', '1')], [marked('schema', '1')])).toEqual([]);
  });
});
