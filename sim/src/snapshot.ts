// The state of a simulated cluster as a value: what a restart must find again, its identity and access included.
import type { ClusterState } from './cluster-state.ts';
import type { KubeObject } from './kube-object.ts';
import type { ServerCertificate } from './self-signed-certificate.ts';
import { DEFINITIONS, serveDefinition } from './workloads/definitions.ts';

export interface ClusterSnapshot {
  readonly version: number;
  readonly objects: readonly (readonly [string, KubeObject])[];
}

/** What of a cluster outlives its process. */
export interface SavedCluster {
  readonly name: string;
  readonly port: number;
  readonly token: string;
  readonly certificate: ServerCertificate | undefined;
  readonly snapshot: ClusterSnapshot;
}

export const takeSnapshot = (state: ClusterState): ClusterSnapshot => ({
  version: state.store.version,
  objects: [...state.store.everything()],
});

/** Fills an empty store. */
export function restoreObjects(store: ClusterState['store'], snapshot: ClusterSnapshot): void {
  store.restore(snapshot.version, snapshot.objects);
}

/** Serves the custom kinds again whose definitions were restored. */
export function restoreKinds(state: ClusterState): void {
  for (const definition of state.store.list(DEFINITIONS)) serveDefinition(state, definition);
}
