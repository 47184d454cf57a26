// One real cluster with the real agent in it, and a hub: for what must not be simulated.
import { startControlPlanes, type ControlPlane } from '../../test/support/control-plane.ts';
import { ProcessSet, type RunningProgram } from '../../test/support/process-set.ts';
import { untilOnline } from '../apply/assignment-progress.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { describeWay, inviteClusters } from '../content/fleet-setup.ts';
import { startBenchAgent } from '../programs/bench-agent.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';

/** All of it runs until it is disposed. */
export interface RealScene extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly processes: ProcessSet;
  readonly repository: BenchRepository;
  readonly hub: BenchHub;
  readonly agent: RunningProgram;
  /** The same agent again, in a new process. */
  readonly startAgent: () => RunningProgram;
}

/** Said of every benchmark with this scene. */
export const SIMULATED_NODES =
  'Nothing of hub, agent and API server is simulated: hub with embedded Postgres, one agent process, kube-apiserver and etcd (without fsync) with controller manager, scheduler and kwok in place of nodes, all on this one machine.';

const CLUSTER = 'bench-00000';

/** Comes back when the agent is connected. `label`: for the work folder's name. */
export async function openRealScene(label: string): Promise<RealScene> {
  await using stack = new AsyncDisposableStack();
  const [plane] = await startControlPlanes([CLUSTER]);
  stack.defer(() => plane.stop());
  const processes = new ProcessSet(label);
  stack.defer(() => processes.close());
  const repository = await BenchRepository.make(processes.folder);
  const hub = await startBenchHub(processes, {
    settings: { FAIRLEAD_GIT_INTERVAL: '5s', FAIRLEAD_LOG_LEVEL: 'warn' },
  });
  stack.defer(() => hub.stop());
  await describeWay(hub.api);
  const joinToken = await inviteClusters(hub.api, CLUSTER, 1);
  const startAgent = () =>
    startBenchAgent(processes, { hubUrl: hub.api.url, joinToken, clusterName: CLUSTER, plane });
  const agent = startAgent();
  await untilOnline(hub.api, CLUSTER);
  const kept = stack.move();
  const dispose = () => kept.disposeAsync();
  return { plane, processes, repository, hub, agent, startAgent, [Symbol.asyncDispose]: dispose };
}
