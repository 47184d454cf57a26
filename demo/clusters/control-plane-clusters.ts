// Real control planes on this machine. They begin empty at every start, and end with this process, however it ends.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { ensureTools } from '../../scripts/go-tools/ensure-tools.mjs';
import { startControlPlanes } from '../../test/support/control-plane.ts';
import type { DataFolder } from '../data-folder.ts';
import type { PlannedCluster } from '../fleet-plan.ts';
import type { Fleet } from './demo-cluster.ts';

/** Makes sure of the programs; building them takes minutes and shows its progress. */
export async function ensureControlPlanePrograms(): Promise<void> {
  const { missing } = await ensureTools(['kube', 'etcd', 'kwok']);
  if (missing.length === 0) return;
  const reasons = missing.map(({ reason }) => reason).join('; ');
  throw new Error(`${reasons}. Install Go 1.26 or newer, or leave --kube out for simulated clusters.`);
}

/** Comes back when workloads can run on all of them. */
export async function startControlPlaneClusters(
  plan: readonly PlannedCluster[],
  folder: DataFolder,
): Promise<Fleet> {
  if (plan.length === 0) return { clusters: [], stop: async () => undefined };
  const planes = await startControlPlanes(plan.map(({ name }) => name));
  const clusters = plan.map((cluster) => {
    const kubeconfigPath = path.join(folder.clusters, `${cluster.name}.kubeconfig`);
    const plane = planes.find(({ name }) => name === cluster.name);
    if (plane === undefined) throw new Error(`no control plane was started for ${cluster.name}`);
    copyFileSync(plane.kubeconfigPath, kubeconfigPath);
    return { ...cluster, kubeconfigPath, agentNamespace: 'fairlead-agent' };
  });
  const stop = async () => {
    await Promise.all(planes.map((plane) => plane.stop()));
  };
  return { clusters, stop };
}
