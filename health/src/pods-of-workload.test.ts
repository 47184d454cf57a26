import { expect, it } from 'vitest';
import { isJudgedWithPods, isPodOf } from './pods-of-workload.ts';

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u-web' } };
const pod = (owner: object | undefined, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels, ...(owner && { ownerReferences: [owner] }) },
});
const replicaSet = (name: string) => ({ kind: 'ReplicaSet', name, uid: 'u-rs' });

it.each([
  ['owned by the workload itself', pod({ kind: 'StatefulSet', name: 'web', uid: 'u-web' }), true],
  ['of its ReplicaSet', pod(replicaSet('web-5d4'), { 'pod-template-hash': '5d4' }), true],
  ["of a Rollout's ReplicaSet", pod(replicaSet('web-7f'), { 'rollouts-pod-template-hash': '7f' }), true],
  [
    'of a neighbour that the selector catches too',
    pod(replicaSet('web-two-5d4'), { 'pod-template-hash': '5d4' }),
    false,
  ],
  ['of another owner', pod({ kind: 'Job', name: 'web', uid: 'u-other' }), false],
  ['that nobody owns', pod(undefined, { 'pod-template-hash': '5d4' }), false],
])('tells a pod %s', (_, one, isOurs) => {
  expect(isPodOf(workload, one)).toBe(isOurs);
});

it('counts no owner without a uid as its own', () => {
  const unborn = { ...workload, metadata: { name: 'web' } };
  expect(isPodOf(unborn, pod({ kind: 'Job', name: 'web' }))).toBe(false);
});

it('knows workloads by their group', () => {
  const kinds = [
    'apps/v1 Deployment',
    'argoproj.io/v1alpha1 Rollout',
    'shop.example/v1 Deployment',
    'v1 Pod',
  ];
  const known = kinds.filter((one) => {
    const [apiVersion = '', kind = ''] = one.split(' ');
    return isJudgedWithPods({ apiVersion, kind });
  });
  expect(known).toEqual(kinds.slice(0, 2));
});
