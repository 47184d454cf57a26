import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { ignoresWholeObject, notIgnored, rulesFor, withoutIgnored } from './ignore-rules.ts';
import type { ManagedFieldsEntry } from './managed-fields.ts';

const desired: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'a' }] } } },
};
const live = (...managedFields: ManagedFieldsEntry[]): KubernetesObject => ({
  ...desired,
  metadata: { ...desired.metadata, managedFields },
});
const scaledBy = (manager: string): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  subresource: 'scale',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
});
const replicasOf = (object: KubernetesObject) => (object['spec'] as { replicas?: number }).replicas;

it('matches every member that a rule names', () => {
  const rules = [
    { kind: 'Deployment' },
    { kind: 'Deployment', name: 'api' },
    { namespace: 'shop', apiVersion: 'apps/v1' },
  ];
  expect(
    rulesFor({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }, rules),
  ).toEqual([rules[0], rules[2]]);
});

it('covers an object whole only without path and manager', () => {
  expect([{}, { path: 'spec' }, { manager: 'x' }].map((rule) => ignoresWholeObject([rule]))).toEqual([
    true,
    false,
    false,
  ]);
});

it('covers a path and all below it, and no other that merely begins alike', () => {
  const paths = [
    'spec.replicas',
    'spec.replicasMax',
    'spec.template.metadata.labels["a.b"]',
    'spec.items[3].x',
  ];
  const rules = [{ path: 'spec.replicas' }, { path: '/spec/template/metadata' }, { path: 'spec.items[*].x' }];
  expect(notIgnored(paths, rules)).toEqual(['spec.replicasMax']);
});

it('leaves an ignored field out only while another owns it, or it would be removed', () => {
  const rules = [{ path: 'spec.replicas' }];
  expect(replicasOf(withoutIgnored(desired, live(), rules))).toBe(2);
  expect(replicasOf(withoutIgnored(desired, live(scaledBy('keda')), rules))).toBeUndefined();
  expect(replicasOf(withoutIgnored(desired, undefined, rules))).toBe(2);
});

it('leaves replicas to an autoscaler without any rule, and not to a person', () => {
  expect(replicasOf(withoutIgnored(desired, live(scaledBy('kube-controller-manager')), []))).toBeUndefined();
  expect(replicasOf(withoutIgnored(desired, live(scaledBy('kubectl')), []))).toBe(2);
});

it('heeds the manager of a rule, and finds list items by key', () => {
  const image = {
    'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } } },
  };
  const entry = { manager: 'updater', operation: 'Update' as const, fieldsV1: image };
  const path = 'spec.template.spec.containers[name=web].image';
  expect(JSON.stringify(withoutIgnored(desired, live(entry), [{ path, manager: 'updater' }]))).not.toContain(
    'image',
  );
  expect(JSON.stringify(withoutIgnored(desired, live(entry), [{ path, manager: 'other' }]))).toContain(
    'image',
  );
});
