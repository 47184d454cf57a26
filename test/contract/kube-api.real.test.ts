// The contract against the real API server, in full.
import { startControlPlanes } from '../support/control-plane.ts';
import { describeOnKube } from '../support/missing.ts';
import { kubeApiContract } from './kube-api.contract.ts';

describeOnKube('a real control plane', () => {
  kubeApiContract('the real Kubernetes API', async () => {
    const [plane] = await startControlPlanes(['contract']);
    const { server, caPem, adminToken, kubeconfigPath } = plane;
    return { server, caPem, token: adminToken, kubeconfigPath, stop: () => plane.stop() };
  });
});
