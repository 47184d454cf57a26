import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ManagedFieldsEntry } from './managed-fields.ts';
import { planTakeOver } from './take-over.ts';

const entry = (manager: string, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { 'f:spec': { [`f:${manager}`]: {} } },
  ...more,
});
const ours = entry('fairlead', {
  operation: 'Apply',
  fieldsV1: { 'f:spec': { 'f:ports': {} }, 'f:metadata': {} },
});
const live = (...managedFields: ManagedFieldsEntry[]): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', resourceVersion: '42', managedFields },
});

it("makes people's fields ours, guarded by the version that was read", () => {
  const plan = planTakeOver(live(ours, entry('kubectl-edit')));
  expect(plan?.from).toEqual(['kubectl-edit at 2026-01-01T00:00:00Z']);
  expect(plan?.patch).toEqual([
    { op: 'test', path: '/metadata/resourceVersion', value: '42' },
    {
      op: 'replace',
      path: '/metadata/managedFields',
      value: [{ ...ours, fieldsV1: { 'f:spec': { 'f:ports': {}, 'f:kubectl-edit': {} }, 'f:metadata': {} } }],
    },
  ]);
});

it('leaves controllers, subresources and other appliers as they are', () => {
  const others = [
    entry('kube-controller-manager'),
    entry('ingress-controller'),
    entry('some-operator'),
    entry('kubectl', { subresource: 'scale' }),
    entry('flux', { operation: 'Apply' }),
  ];
  expect(planTakeOver(live(ours, ...others))).toBeUndefined();
  const plan = planTakeOver(live(ours, ...others, entry('kubectl-patch')));
  const replaced = plan?.patch[1] as { value: ManagedFieldsEntry[] };
  expect(replaced.value.slice(0, -1)).toEqual(others);
});

it('makes an entry of ours where we have none', () => {
  const plan = planTakeOver(live(entry('kubectl-replace')));
  expect(plan?.patch[1]).toMatchObject({
    value: [{ manager: 'fairlead', operation: 'Apply', apiVersion: 'v1' }],
  });
});
