// Simulated clusters: one program that plays a small Kubernetes API for each, and remembers them between starts.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataFolder } from '../data-folder.ts';
import type { PlannedCluster } from '../fleet-plan.ts';
import type { WaitFor } from '../narrator.ts';
import { programEnvironment } from '../programs/program-environment.ts';
import type { ProgramSet } from '../programs/program-set.ts';
import type { DemoCluster } from './demo-cluster.ts';

const SIMULATOR = fileURLToPath(new URL('../../sim/dist/sim.mjs', import.meta.url));

/** Comes back when each cluster has written its kubeconfig, which it does once it answers. */
export async function startSimulatedClusters(
  plan: readonly PlannedCluster[],
  { programs, folder, waitFor }: { programs: ProgramSet; folder: DataFolder; waitFor: WaitFor },
): Promise<DemoCluster[]> {
  if (plan.length === 0) return [];
  const clusters = plan.map((cluster): DemoCluster => ({
    ...cluster,
    kubeconfigPath: path.join(folder.clusters, `${cluster.name}.kubeconfig`),
    agentNamespace: 'fairlead-agent',
  }));
  for (const { kubeconfigPath } of clusters) rmSync(kubeconfigPath, { force: true });
  const names = plan.map(({ name }) => name);
  programs.start(simulatorProgram(names, folder.clusters));
  await waitFor(async () => {
    const absent = clusters
      .filter(({ kubeconfigPath }) => !isWritten(kubeconfigPath))
      .map(({ name }) => name);
    return absent.length === 0 ? { done: undefined } : { waitingOn: `waiting for ${absent.join(', ')}` };
  });
  return clusters;
}

function simulatorProgram(names: readonly string[], folder: string) {
  const state = path.join(folder, 'state.json');
  const words = ['--clusters', names.join(','), '--directory', folder, '--state', state];
  return {
    name: 'simulated-clusters',
    words: [SIMULATOR, ...words],
    env: programEnvironment({}),
    patienceMs: 5_000,
  };
}

function isWritten(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    return typeof JSON.parse(readFileSync(file, 'utf8')) === 'object';
  } catch {
    return false; // half of it, so far
  }
}
