// Clusters that the person has already: contexts of their kubeconfig.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { PlannedCluster } from '../fleet-plan.ts';
import type { DemoCluster } from './demo-cluster.ts';

// Not `fairlead-agent`: an agent of a real hub may live there, and must not lose its place to a demo.
const AGENT_NAMESPACE = 'fairlead-demo';

/** Nothing is started here, and nothing will be stopped: these clusters are not ours. */
export function contextClusters(plan: readonly PlannedCluster[]): DemoCluster[] {
  if (plan.length === 0) return [];
  const kubeconfigPath = personsKubeconfig();
  return plan.map((cluster) => ({ ...cluster, kubeconfigPath, agentNamespace: AGENT_NAMESPACE }));
}

function personsKubeconfig(): string {
  const named = process.env['KUBECONFIG']?.split(path.delimiter).find((file) => file !== '');
  const file = named ?? path.join(homedir(), '.kube', 'config');
  if (existsSync(file)) return file;
  throw new Error(`--context wants a kubeconfig, and ${file} is not there; set KUBECONFIG`);
}
