import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { declaredDifferences } from './declared-differences.ts';

const object = (spec: object, labels: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', labels },
  spec,
});
const paths = (live: KubernetesObject, desired: KubernetesObject) =>
  declaredDifferences(live, desired).map(({ path, type }) => `${path} ${type}`);

it('looks at declared fields alone, items by their keys, and an absent item once', () => {
  const desired = object(
    {
      replicas: 2,
      containers: [
        { name: 'web', image: '1', ports: [{ containerPort: 80 }] },
        { name: 'log', image: '1', args: ['a'] },
      ],
      limits: { cpu: '1000m' },
    },
    { team: 'shop' },
  );
  const live = object(
    {
      replicas: 3,
      containers: [
        { name: 'web', image: 'x', pullPolicy: 'Always', ports: [{ containerPort: 81, protocol: 'TCP' }] },
      ],
      limits: { cpu: '1' },
      defaulted: true,
    },
    { other: 'x' },
  );
  expect(paths(live, desired)).toEqual([
    'spec.replicas MODIFIED',
    'spec.containers[name=web].image MODIFIED',
    'spec.containers[name=web].ports[containerPort=80,protocol=TCP] MISSING',
    'spec.containers[name=log] MISSING',
    'metadata.labels.team MISSING',
  ]);
});

it('takes a list without keys as one value', () => {
  expect(paths(object({ args: ['a'] }), object({ args: ['a', 'b'] }))).toEqual(['spec.args MODIFIED']);
});
