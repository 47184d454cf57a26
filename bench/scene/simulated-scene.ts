// What most benchmarks stand on: a hub, a Git repository, and a fleet of simulated agents that is connected.
import type { HubApi } from '../../demo/hub-api.ts';
import { ProcessSet } from '../../test/support/process-set.ts';
import { SimulatedFleet } from '../agents/simulated-fleet.ts';
import type { RunContext } from '../benchmark.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { describeWay, inviteClusters } from '../content/fleet-setup.ts';
import { describeMachine, openFilesProblem } from '../measure/machine.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';

/** What is wanted of it. */
export interface SceneWishes {
  /** For the work folder's name. */
  readonly label: string;
  readonly clusters: number;
  readonly applyMs: number;
  /** Further FAIRLEAD_ variables of the hub. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** All of it runs until it is disposed. */
export interface Scene extends AsyncDisposable {
  readonly processes: ProcessSet;
  readonly repository: BenchRepository;
  readonly hub: BenchHub;
  readonly fleet: SimulatedFleet;
  readonly clusters: number;
  /** From the first join to the last open doorbell. */
  readonly enrolMs: number;
  readonly say: RunContext['say'];
}

/** Agents run in so many processes. */
export const AGENT_PROCESSES = 2;
// A WebSocket and one or two kept-alive connections each, all of them open in the hub.
const FILES_PER_AGENT = 3;

/** Said of every benchmark with this scene. */
export const SIMULATED_AGENTS = [
  'The agents are simulated: they are real on the wire (join with keys of their own, hello, doorbell over graphql-transport-ws, assignments, bundles with their digests checked, reports), run in two processes beside the hub, and keep nothing on disk.',
  'There is no Kubernetes: an apply is a pause.',
  'Hub, embedded Postgres (fsync on) and all agents share this one machine and its loopback; nothing is encrypted on the way.',
] as const;

/** Starts everything; says how long the enrolment took. Throws where the machine cannot hold so many connections. */
export async function openScene(wishes: SceneWishes, context: RunContext): Promise<Scene> {
  const { clusters, label, settings } = wishes;
  const problem = openFilesProblem(describeMachine().openFilesLimit, clusters * FILES_PER_AGENT + 500);
  if (problem !== undefined) throw new Error(problem);
  await using stack = new AsyncDisposableStack();
  const processes = new ProcessSet(`bench-${label}`);
  stack.defer(() => processes.close());
  const repository = await BenchRepository.make(processes.folder);
  const hub = await startBenchHub(processes, {
    settings: { FAIRLEAD_GIT_INTERVAL: '1h', FAIRLEAD_LOG_LEVEL: 'warn', ...settings },
  });
  stack.defer(() => hub.stop());
  const { fleet, enrolMs } = await enrolFleet(hub.api, hub.api.url, wishes);
  stack.defer(() => fleet.stop());
  context.say(`${clusters} agents connected in ${Math.round(enrolMs)} ms`);
  const kept = stack.move();
  const [say, dispose] = [context.say, () => kept.disposeAsync()];
  return { processes, repository, hub, fleet, clusters, enrolMs, say, [Symbol.asyncDispose]: dispose };
}

/** Describes the way of releases, and lets so many new clusters join by way of `hubUrl`. */
export async function enrolFleet(
  api: HubApi,
  hubUrl: string,
  { clusters, applyMs }: Pick<SceneWishes, 'clusters' | 'applyMs'>,
): Promise<{ readonly fleet: SimulatedFleet; readonly enrolMs: number }> {
  await describeWay(api);
  const joinToken = await inviteClusters(api, 'bench-*', clusters);
  const startedAt = performance.now();
  const plan = { hubUrl, joinToken, count: clusters, applyMs };
  const fleet = await SimulatedFleet.start(plan, AGENT_PROCESSES);
  return { fleet, enrolMs: performance.now() - startedAt };
}
