// The way to a cluster's own API, past the hub.
import { KubeApi } from '../kube-api.ts';
import type { DemoCluster } from './demo-cluster.ts';

/** The API that the cluster's kubeconfig names. */
export function openKube({ kubeconfigPath, context }: DemoCluster): Promise<KubeApi> {
  return KubeApi.open({ path: kubeconfigPath, ...(context !== undefined && { context }) });
}
