// Starts the fleet as planned: simulated clusters, real control planes, and contexts of the person's kubeconfig.
import type { DataFolder } from '../data-folder.ts';
import type { ClusterKind, PlannedCluster } from '../fleet-plan.ts';
import type { WaitFor } from '../narrator.ts';
import type { ProgramSet } from '../programs/program-set.ts';
import { contextClusters } from './context-clusters.ts';
import { startControlPlaneClusters } from './control-plane-clusters.ts';
import type { Fleet } from './demo-cluster.ts';
import { startSimulatedClusters } from './simulated-clusters.ts';

/** What a cluster is started with. */
export interface ClusterGround {
  readonly programs: ProgramSet;
  readonly folder: DataFolder;
  readonly waitFor: WaitFor;
}

/** Comes back when every cluster answers; the clusters are in the order of the plan. */
export async function startClusters(plan: readonly PlannedCluster[], ground: ClusterGround): Promise<Fleet> {
  const of = (kind: ClusterKind) => plan.filter((cluster) => cluster.kind === kind);
  const contexts = await contextClusters(of('context'));
  const simulated = await startSimulatedClusters(of('simulated'), ground);
  const controlPlanes = await startControlPlaneClusters(of('control-plane'), ground.folder);
  const clusters = [...contexts, ...simulated, ...controlPlanes.clusters];
  return {
    clusters: plan.flatMap(({ name }) => clusters.filter((cluster) => cluster.name === name)),
    stop: () => controlPlanes.stop(),
  };
}
