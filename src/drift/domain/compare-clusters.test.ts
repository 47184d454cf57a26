import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { MASK } from '@fairlead/protocol/masking';
import { describe, expect, it } from 'vitest';
import {
  compareClusters,
  differencePosition,
  differencesAfter,
  type ClusterSide,
} from './compare-clusters.ts';
import type { DriftItem } from './drift-item.ts';

const deployment = (replicas: number, image = 'web:1'): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, template: { spec: { containers: [{ name: 'web', image }] } } },
});
const item = (change: Partial<DriftItem>): DriftItem => ({
  id: 1n,
  instanceId: 1n,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  path: 'spec.replicas',
  type: 'MODIFIED',
  desired: '3',
  live: '1',
  masked: false,
  manager: 'kubectl',
  managerClass: 'PERSON',
  operation: '',
  subresource: '',
  changedAt: null,
  firstSeenAt: new Date(0),
  healedCount: 0,
  contested: false,
  exceptionId: null,
  ...change,
});
const side = (objects: readonly KubernetesObject[], drift: readonly DriftItem[] = []): ClusterSide => ({
  namespace: 'shop',
  objects,
  drift,
});
const shown = (a: ClusterSide, b: ClusterSide) =>
  compareClusters(a, b).map(({ object, path, a: left, b: right }) => [object.name, path, left, right]);

describe('two clusters', () => {
  it('are equal where the same was rendered and nothing drifted', () => {
    expect(shown(side([deployment(3)]), side([deployment(3)]))).toEqual([]);
  });

  it('differ in what was rendered for them, field by field', () => {
    expect(shown(side([deployment(3)]), side([deployment(5, 'web:2')]))).toEqual([
      ['web', 'spec.replicas', '3', '5'],
      ['web', 'spec.template.spec.containers[name=web].image', '"web:1"', '"web:2"'],
    ]);
  });

  it('differ in what drifted on one of them, and not where both drifted alike', () => {
    const drifted = side([deployment(3)], [item({})]);
    expect(shown(side([deployment(3)]), drifted)).toEqual([['web', 'spec.replicas', '3', '1']]);
    expect(shown(drifted, drifted)).toEqual([]);
  });

  it('differ in whole objects that one of them lacks or has too much', () => {
    const lacking = side([deployment(3)], [item({ path: '', type: 'MISSING', live: null })]);
    expect(shown(side([deployment(3)]), lacking)).toEqual([['web', null, '"present"', null]]);
    const more = side([deployment(3)], [item({ kind: 'Pod', name: 'debug', path: '', type: 'EXTRA' })]);
    expect(shown(more, side([deployment(3)]))).toEqual([['debug', null, '"present"', null]]);
  });

  it('show of a Secret that a value differs, and never the value', () => {
    const secret = (data: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token' },
      data: { key: data },
    });
    const mask = JSON.stringify(MASK);
    expect(shown(side([secret('YQ==')]), side([secret('Yg==')]))).toEqual([
      ['token', 'data.key', mask, mask],
    ]);
  });

  it.each<[string, string, (value: string) => Partial<KubernetesObject>]>([
    [
      'a variable whose name says so',
      'spec.containers[name=web].env[name=DB_PASSWORD].value',
      (value) => ({ spec: { containers: [{ name: 'web', env: [{ name: 'DB_PASSWORD', value }] }] } }),
    ],
    ['a key of a ConfigMap', 'data.apiToken', (value) => ({ data: { apiToken: value } })],
    ['a URL with a password', 'data.url', (value) => ({ data: { url: `postgres://me:${value}@db/shop` } })],
    ['a member of any kind', 'spec.clientSecret', (value) => ({ spec: { clientSecret: value } })],
  ])('show of %s that it differs, and never the value', (_, path, content) => {
    const object = (value: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      ...content(value),
    });
    const [one, other] = [side([object('geheim-1')]), side([object('geheim-2')])];
    const mask = JSON.stringify(MASK);
    expect(shown(one, other)).toEqual([['settings', path, mask, mask]]);
    expect(shown(one, one)).toEqual([]);
  });

  it('show no value of a Secret that stands in another object', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      data: { a: btoa('geheim') },
    };
    const web = (image: string) => ({ ...deployment(3), metadata: { name: 'web', labels: { image } } });
    expect(shown(side([secret, web('geheim')]), side([secret, web('open')]))).toEqual([
      ['web', 'metadata.labels.image', JSON.stringify(MASK), '"open"'],
    ]);
    expect(shown(side([secret, web('geheim')]), side([web('geheim')]))).toEqual([
      ['key', null, '"present"', null],
    ]);
  });

  it('differ where a value drifted that is secret, on both sides', () => {
    const drifted = side([deployment(3)], [item({ masked: true, live: null })]);
    const mask = JSON.stringify(MASK);
    expect(shown(drifted, drifted)).toEqual([['web', 'spec.replicas', mask, mask]]);
  });

  it('are listed in a stable order, so that a page can begin after any difference', () => {
    const all = compareClusters(side([deployment(3)]), side([deployment(5, 'web:2')]));
    const [first, second] = all;
    expect(differencesAfter(all, first && differencePosition(first))).toEqual([second]);
    expect(differencesAfter(all, second && differencePosition(second))).toEqual([]);
  });
});
