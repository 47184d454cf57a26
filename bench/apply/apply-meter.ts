// What a phase of the apply benchmark cost: the agent, the API server, and the requests between them.
import type { ControlPlane } from '../../test/support/control-plane.ts';
import type { RunningProgram } from '../../test/support/process-set.ts';
import { countRequests, type RequestCounts } from '../measure/api-server-requests.ts';
import { watchOthers } from '../measure/other-load.ts';
import { listProcesses, processUse } from '../measure/process-use.ts';

/** Since a moment. Times in seconds of CPU. */
export interface PhaseCost extends RequestCounts {
  readonly elapsedMs: number;
  readonly agentCpuSeconds: number;
  readonly apiServerCpuSeconds: number;
  readonly agentRssBytes: number;
  /** Cores that were busy for other programs of this machine. */
  readonly coresBusyForOthers: number;
}

// What the applications consist of. Nobody but the agent writes these in namespaces that are there already; of the
// reads a few an hour are the control plane's own.
const RESOURCES = new Set(['configmaps', 'secrets', 'serviceaccounts', 'services']);

/** Begins to count; the returned function tells what came since. `agent`: the process as of then, new or not. */
export async function startMeter(
  plane: ControlPlane,
): Promise<(agent: RunningProgram, agentBefore: number) => Promise<PhaseCost>> {
  const [before, cpuBefore] = [await requests(plane), apiServerCpuSeconds()];
  const others = watchOthers();
  const startedAt = performance.now();
  return async (agent, agentBefore) => {
    const [elapsedMs, coresBusyForOthers] = [performance.now() - startedAt, others()];
    const [use, after] = [processUse(agent.pid), await requests(plane)];
    return {
      elapsedMs,
      coresBusyForOthers,
      reads: after.reads - before.reads,
      writes: after.writes - before.writes,
      agentCpuSeconds: use.cpuSeconds - agentBefore,
      apiServerCpuSeconds: apiServerCpuSeconds() - cpuBefore,
      agentRssBytes: use.rssBytes,
    };
  };
}

async function requests({ api }: ControlPlane): Promise<RequestCounts> {
  const { status, body } = await api<string>('GET', '/metrics');
  if (status !== 200) throw new Error(`/metrics: the API server answered ${status}`);
  return countRequests(body, RESOURCES);
}

/** Of the API server that this process has started. */
export function apiServerCpuSeconds(): number {
  const found = listProcesses().find(
    ({ parent, program }) => parent === process.pid && program === 'kube-apiserver',
  );
  if (!found) throw new Error('no kube-apiserver runs below this process');
  return found.cpuSeconds;
}
