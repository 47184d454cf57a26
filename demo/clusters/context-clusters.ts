// Clusters that the person has already: contexts of their kubeconfig.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { PlannedCluster } from '../fleet-plan.ts';
import { openKube } from './open-kube.ts';
import type { DemoCluster } from './demo-cluster.ts';

// Not `fairlead-agent`: an agent of a real hub may live there, and must not lose its place to a demo.
const AGENT_NAMESPACE = 'fairlead-demo';

/** Nothing is started here, and nothing will be stopped: these clusters are not ours. Each has to answer, though. */
export async function contextClusters(plan: readonly PlannedCluster[]): Promise<DemoCluster[]> {
  if (plan.length === 0) return [];
  const kubeconfigPath = personsKubeconfig();
  const clusters = plan.map((cluster) => ({ ...cluster, kubeconfigPath, agentNamespace: AGENT_NAMESPACE }));
  await Promise.all(clusters.map(checkThatItAnswers));
  return clusters;
}

async function checkThatItAnswers(cluster: DemoCluster): Promise<void> {
  try {
    await (await openKube(cluster)).send({ method: 'GET', path: '/version' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`context ${cluster.context} cannot be used: ${reason}`, { cause: error });
  }
}

function personsKubeconfig(): string {
  const named = process.env['KUBECONFIG']?.split(path.delimiter).find((file) => file !== '');
  const file = named ?? path.join(homedir(), '.kube', 'config');
  if (existsSync(file)) return file;
  throw new Error(`--context wants a kubeconfig, and ${file} is not there; set KUBECONFIG`);
}
