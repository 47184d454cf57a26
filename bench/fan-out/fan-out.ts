// B3: one release to many clusters. How long from the commit until every doorbell has rung, and until the hub knows that
// every cluster runs it well.
import { ProcessSet } from '../../test/support/process-set.ts';
import { SimulatedFleet } from '../agents/simulated-fleet.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { describeWay, inviteClusters, saveApplications } from '../content/fleet-setup.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';
import { describeMachine, openFilesProblem } from '../measure/machine.ts';
import { APPLICATION, FOLDER, manifests } from './fan-out-content.ts';
import { followRelease, untilReleased } from './follow-release.ts';

const APPLY_MS = 500;
const AGENT_PROCESSES = 2;
const COMMITS_PER_RUN = 3;
// A WebSocket and one or two kept-alive connections each, all of them open in the hub.
const FILES_PER_AGENT = 3;

/** The benchmark. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  title: 'B3: one release to many clusters, from the commit to all reported',
  simulated: [
    'The agents are simulated: they are real on the wire (join with keys of their own, hello, doorbell over graphql-transport-ws, assignments, bundles with their digests checked, reports), run in two processes beside the hub, and keep nothing on disk.',
    `Each apply is a pause of ${APPLY_MS} ms; there is no Kubernetes.`,
    'Hub, embedded Postgres (fsync on) and all agents share this one machine and its loopback; nothing is encrypted on the way.',
  ],
  targets: targetsOf([
    [100, 1_000],
    [1_000, 3_000],
    [5_000, 10_000],
  ]),
  loads: ({ clusters }: Wishes) => (clusters === undefined ? [100, 1_000] : [clusters]).map(loadOf),
  run: runOnce,
};

function targetsOf(pairs: readonly (readonly [number, number])[]): Benchmark['targets'] {
  return pairs.map(([clusters, value]) => {
    return { load: loadOf(clusters).name, figure: 'commitToReportedMs', bound: 'AT_MOST', value };
  });
}

function loadOf(clusters: number): Load {
  return {
    name: `${clusters} clusters`,
    parameters: { clusters, applyMs: APPLY_MS, agentProcesses: AGENT_PROCESSES, commits: COMMITS_PER_RUN },
  };
}

async function runOnce(load: Load, context: RunContext): Promise<readonly Figures[]> {
  const clusters = load.parameters['clusters'] ?? 0;
  const problem = openFilesProblem(describeMachine().openFilesLimit, clusters * FILES_PER_AGENT + 500);
  if (problem !== undefined) throw new Error(problem);
  await using stack = new AsyncDisposableStack();
  const processes = new ProcessSet('bench-fan-out');
  stack.defer(() => processes.close());
  const repository = await BenchRepository.make(processes.folder);
  const hub = await startBenchHub(processes, { FAIRLEAD_GIT_INTERVAL: '1h', FAIRLEAD_LOG_LEVEL: 'warn' });
  stack.defer(() => hub.stop());
  const { fleet, enrolMs } = await enrolFleet(hub, clusters);
  stack.defer(() => fleet.stop());
  context.say(`${clusters} agents connected in ${Math.round(enrolMs)} ms`);
  await describeContent(hub, repository, fleet);
  const samples: Figures[] = [];
  for (let commit = 1; commit <= COMMITS_PER_RUN; commit += 1) {
    context.signal.throwIfAborted();
    const figures = await followRelease({ hub, fleet, repository, clusters, release: commit + 1 });
    context.say(`release ${commit + 1}: all reported after ${Math.round(figures.commitToReportedMs)} ms`);
    samples.push({ ...figures, enrolMs });
  }
  return samples;
}

async function enrolFleet(hub: BenchHub, clusters: number) {
  await describeWay(hub.api);
  const joinToken = await inviteClusters(hub.api, 'bench-*', clusters);
  const startedAt = performance.now();
  const plan = { hubUrl: hub.api.url, joinToken, count: clusters, applyMs: APPLY_MS };
  const fleet = await SimulatedFleet.start(plan, AGENT_PROCESSES);
  return { fleet, enrolMs: performance.now() - startedAt };
}

/** The first release goes out here and is not measured: it also makes the instances. */
async function describeContent(hub: BenchHub, repository: BenchRepository, fleet: SimulatedFleet) {
  await repository.commit(manifests(1), 'release 1');
  const { settled } = await fleet.expect(1);
  await saveApplications(hub.api, repository.url, [{ name: APPLICATION, namespace: 'shop', folder: FOLDER }]);
  await settled;
  await untilReleased(hub.api, 1);
}
