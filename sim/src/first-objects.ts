// What every new cluster has before anybody writes to it: the namespaces, and the one node.
import type { ClusterState } from './cluster-state.ts';
import { timestampOf } from './cluster-state.ts';
import { create, writeStatus } from './workloads/controller-writes.ts';
import { NODE_NAME } from './workloads/pods.ts';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function createFirstObjects(state: ClusterState): void {
  for (const name of NAMESPACES)
    create(state, { kind: 'Namespace', namespace: undefined, metadata: { name }, content: {} });
  const labels = { 'kubernetes.io/hostname': NODE_NAME, 'kubernetes.io/os': 'linux' };
  const node = create(state, {
    kind: 'Node',
    namespace: undefined,
    metadata: { name: NODE_NAME, labels },
    content: {},
  });
  const size = { cpu: '64', memory: '512Gi', pods: '5k' };
  const now = timestampOf(state.now());
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'simulated',
    lastTransitionTime: now,
  };
  writeStatus(
    state,
    node,
    { allocatable: size, capacity: size, conditions: [ready] },
    { manager: 'kubelet' },
  );
}
