// The contract against the simulated API server, with the list of what it leaves out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { kubeApiContract } from './kube-api.contract.ts';

/** Left out: schemas (no validation of fields and types), formats other than JSON, RBAC, admission plugins. */
const LEFT_OUT = [
  'strict validation refuses a field that the kind does not have',
  'a value of the wrong type is refused',
  'kubectl create makes a ConfigMap from literals',
  'an apply may be written in YAML',
  'somebody without rights is refused, with verb, resource and namespace in the message',
  'a claim is protected by a finalizer from the start',
  'a pod gets its service account and a volume with the token',
];

kubeApiContract(
  'the simulated Kubernetes API',
  async () => {
    // kubectl sends its token over TLS only.
    const cluster = await startSimulatedCluster({ name: 'contract', tls: true });
    const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-sim-'));
    const kubeconfigPath = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfigPath, JSON.stringify(cluster.kubeconfig), { mode: 0o600 });
    const stop = async (): Promise<void> => {
      await cluster.stop();
      rmSync(folder, { recursive: true });
    };
    return { server: cluster.server, caPem: cluster.caPem, token: cluster.token, kubeconfigPath, stop };
  },
  LEFT_OUT,
);
