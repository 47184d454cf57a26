// The real agent under test: the built program in a process of its own, beside its cluster.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from '../../test/support/control-plane.ts';
import type { ProcessSet, RunningProgram } from '../../test/support/process-set.ts';
import { until } from '../../test/support/until.ts';

const AGENT = fileURLToPath(new URL('../../agent/dist/agent.mjs', import.meta.url));
const STOP_MS = 30_000;
/** As in the container. */
const OPTIONS = ['--enable-source-maps', '--max-semi-space-size=4'];

/** Where it belongs; the token is needed once. */
export interface AgentPlan {
  readonly hubUrl: string;
  readonly joinToken: string;
  readonly clusterName: string;
  readonly plane: ControlPlane;
}

/** Starts it; a second start under the same plan goes on as the same agent. */
export function startBenchAgent(processes: ProcessSet, plan: AgentPlan): RunningProgram {
  const profile = process.env['FAIRLEAD_BENCH_PROFILE'];
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/agent`];
  return processes.start('agent', process.execPath, [...OPTIONS, ...profiling, AGENT], {
    PATH: process.env['PATH'] ?? '',
    FAIRLEAD_HUB_URL: plan.hubUrl,
    FAIRLEAD_JOIN_TOKEN: plan.joinToken,
    FAIRLEAD_CLUSTER_NAME: plan.clusterName,
    FAIRLEAD_BUNDLE_DIR: path.join(processes.folder, 'bundles'),
    FAIRLEAD_LOG_LEVEL: 'warn',
    KUBECONFIG: plan.plane.kubeconfigPath,
  });
}

/** Asks it to end, as a rollout of its Deployment would, and waits until it has. */
export async function endBenchAgent(agent: RunningProgram): Promise<void> {
  if (agent.ended !== undefined) return;
  process.kill(agent.pid, 'SIGTERM');
  await until('the agent to end', () => agent.ended !== undefined, { timeoutMs: STOP_MS });
}
