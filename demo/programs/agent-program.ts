// An agent as the demo runs it: beside its cluster instead of inside it, reached by a kubeconfig.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import type { DataFolder } from '../data-folder.ts';
import { loginEnvironment, programEnvironment } from './program-environment.ts';
import type { ProgramPlan } from './program-set.ts';

const AGENT = fileURLToPath(new URL('../../agent/dist/agent.mjs', import.meta.url));

/** Where the hub is, and what lets the agent in; no token where the cluster already keeps its agent's identity. */
export interface Introduction {
  readonly hubUrl: string;
  readonly joinToken: string | undefined;
}

/** The command line and the settings of one cluster's agent. */
export function agentProgram(
  cluster: DemoCluster,
  folder: DataFolder,
  { hubUrl, joinToken }: Introduction,
): ProgramPlan {
  const environment = cluster.kind === 'context' ? loginEnvironment : programEnvironment;
  return {
    name: `agent-${cluster.name}`,
    words: ['--enable-source-maps', AGENT],
    env: environment({
      FAIRLEAD_HUB_URL: hubUrl,
      FAIRLEAD_CLUSTER_NAME: cluster.name,
      FAIRLEAD_NAMESPACE: cluster.agentNamespace,
      FAIRLEAD_BUNDLE_DIR: path.join(folder.bundles, cluster.name),
      KUBECONFIG: cluster.kubeconfigPath,
      ...(cluster.context !== undefined && { FAIRLEAD_KUBE_CONTEXT: cluster.context }),
      ...(joinToken !== undefined && { FAIRLEAD_JOIN_TOKEN: joinToken }),
    }),
    patienceMs: 10_000,
  };
}
