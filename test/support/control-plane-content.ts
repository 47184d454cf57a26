// What a started control plane is given, so that workloads can run on it: one large node, and volumes.
import type { RawApi } from './raw-api.ts';
import { until } from './until.ts';

const NODE_SIZE = { cpu: '64', memory: '512Gi', pods: '5000' };
const VOLUME_COUNT = 4;
const SETTLE_TIMEOUT_MS = 60_000;

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1', 'kubernetes.io/os': 'linux' } },
  status: { allocatable: NODE_SIZE, capacity: NODE_SIZE },
};

// No provisioner runs here: claims bind to these or not at all.
const volume = (index: number) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `pv${index}` },
  spec: {
    capacity: { storage: '100Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: `/pv${index}` },
  },
});

interface NodeState {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Creates the node and the volumes, and waits until pods can be scheduled and be given their service account. */
export async function fillControlPlane(name: string, api: RawApi): Promise<void> {
  const volumes = Array.from({ length: VOLUME_COUNT }, (_, index) => volume(index + 1));
  await Promise.all(volumes.map((object) => create(api, '/api/v1/persistentvolumes', object)));
  await create(api, '/api/v1/nodes', node);
  await until(`node n1 of ${name} to take pods`, () => takesPods(api), { timeoutMs: SETTLE_TIMEOUT_MS });
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  const hasAccount = async () => (await api('GET', account)).status === 200;
  await until(`the default service account of ${name}`, hasAccount, { timeoutMs: SETTLE_TIMEOUT_MS });
}

async function create(api: RawApi, path: string, object: object): Promise<void> {
  const { status, body } = await api('POST', path, object);
  if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
}

async function takesPods(api: RawApi): Promise<boolean> {
  const { body } = await api<NodeState>('GET', '/api/v1/nodes/n1');
  const isReady = body.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return isReady === true && (body.spec.taints ?? []).length === 0;
}
