import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { attributionOf } from './attribution.ts';
import { extraFields } from './extra-fields.ts';
import { parsePath } from './field-path.ts';
import type { FieldTree, ManagedFieldsEntry } from './managed-fields.ts';

const container = (fields: FieldTree): FieldTree => ({
  'f:spec': { 'f:containers': { 'k:{"name":"web"}': fields } },
});
const ours: ManagedFieldsEntry = {
  manager: 'fairlead',
  operation: 'Apply',
  fieldsV1: container({ '.': {}, 'f:name': {}, 'f:image': {} }),
};
const entry = (manager: string, fieldsV1: FieldTree, more: Partial<ManagedFieldsEntry> = {}) => ({
  manager,
  operation: 'Update' as const,
  time: '2026-01-01T00:00:00Z',
  fieldsV1,
  ...more,
});
const object = (...managedFields: ManagedFieldsEntry[]): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'a',
    labels: { x: 'y' },
    annotations: { 'kubernetes.io/change-cause': 'me' },
    managedFields,
  },
  spec: {
    containers: [
      { name: 'web', image: 'a', env: [{ name: 'E', value: '1' }] },
      { name: 'spy', image: 'b' },
    ],
  },
});
const found = (...managedFields: ManagedFieldsEntry[]) =>
  extraFields(object(ours, ...managedFields)).map(({ path, attribution }) => [path, attribution.manager]);

it('names what a person added, list items whole and members by themselves', () => {
  const spy = { 'f:containers': { 'k:{"name":"spy"}': { '.': {}, 'f:name': {}, 'f:image': {} } } };
  const env = { 'f:env': { '.': {}, 'k:{"name":"E"}': { '.': {}, 'f:name': {}, 'f:value': {} } } };
  expect(
    found(
      entry('kubectl-edit', { 'f:spec': spy, 'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } } }),
      entry('kubectl-set', container(env)),
    ),
  ).toEqual([
    ['spec.containers[name=spy]', 'kubectl-edit'],
    ['metadata.labels.x', 'kubectl-edit'],
    ['spec.containers[name=web].env[name=E]', 'kubectl-set'],
  ]);
});

it('leaves out what is ours as well, what is not there, bookkeeping, and the status', () => {
  const cause = { 'f:metadata': { 'f:annotations': { 'f:kubernetes.io/change-cause': {} } } };
  const gone = { 'f:metadata': { 'f:labels': { 'f:gone': {} } } };
  expect(
    found(
      entry('kubectl-edit', container({ 'f:image': {} })),
      entry('kubectl-annotate', cause),
      entry('kubectl-label', gone),
      entry('kubectl-edit', { 'f:spec': { 'f:x': {} } }, { subresource: 'status' }),
    ),
  ).toEqual([]);
});

it('leaves controllers and unknown programs their own', () => {
  const label = { 'f:metadata': { 'f:labels': { 'f:x': {} } } };
  expect(found(entry('sizing-operator', label), entry('our-script', label))).toEqual([]);
  expect(found(entry('argocd-controller', label, { operation: 'Apply' }))).toHaveLength(1);
});

it('attributes a field to who wrote it last, and what was removed to nobody', () => {
  const image = container({ 'f:image': {} });
  const live = object(
    ours,
    entry('kubectl-edit', image),
    entry('kubectl-patch', image, { time: '2026-01-02T00:00:00Z' }),
    entry('kubectl', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale', time: undefined } as object),
  );
  const by = (path: string) => attributionOf(live, parsePath(path) ?? []);
  expect(by('spec.containers[name=web].image')).toEqual({
    manager: 'kubectl-patch',
    managerClass: 'PERSON',
    operation: 'Update',
    changedAt: '2026-01-02T00:00:00Z',
  });
  expect(by('spec.replicas')).toEqual({
    manager: 'kubectl',
    managerClass: 'PERSON',
    operation: 'Update',
    subresource: 'scale',
  });
  expect(by('spec.hostNetwork')).toEqual({ managerClass: 'UNKNOWN' });
  expect(attributionOf(undefined, [])).toEqual({ managerClass: 'UNKNOWN' });
});
