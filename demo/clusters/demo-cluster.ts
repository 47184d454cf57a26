// A cluster of the demo that runs, whatever it is made of.
import type { PlannedCluster } from '../fleet-plan.ts';

/** A cluster and how to reach it. */
export interface DemoCluster extends PlannedCluster {
  readonly kubeconfigPath: string;
  /** The agent's namespace, in which it keeps who it is. */
  readonly agentNamespace: string;
}

/** All clusters of a demo. */
export interface Fleet {
  readonly clusters: readonly DemoCluster[];
  /** Ends those that end with the demo and are no program of its own. */
  stop(): Promise<void>;
}
