// What staged rollouts are measured on: a hub with a policy of waves, small applications, and fleets that join it.
import { ProcessSet } from '../../test/support/process-set.ts';
import { SimulatedFleet } from '../agents/simulated-fleet.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { refresh } from '../content/fleet-progress.ts';
import { inviteClusters, saveApplications, type PlainApplication } from '../content/fleet-setup.ts';
import { describeMachine, openFilesProblem } from '../measure/machine.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';
import { untilRolledOut, type EndedRollout } from './follow-rollouts.ts';
import { applications, describeWaves, manifests } from './staged-content.ts';

const FILES_PER_AGENT = 3;
const REFRESHES_AT_ONCE = 8;

/** How much of it is wanted; `settings` are further FAIRLEAD_ variables of the hub. */
export interface RolloutWishes {
  readonly label: string;
  readonly clusters: number;
  readonly rollouts: number;
  /** Of clusters, each with an environment of its own; 1 unless told: all clusters in one. */
  readonly groups?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Clusters with the label `kind`, whose agents run in so many processes. */
export interface FleetWishes {
  readonly kind: string;
  readonly count: number;
  readonly applyMs: number;
  readonly processes: number;
}

/** A hub without clusters, and applications that it does not know yet. */
export interface RolloutScene {
  readonly hub: BenchHub;
  readonly repository: BenchRepository;
  readonly all: readonly PlainApplication[];
}

/** Runs until the stack is disposed. */
export async function openRolloutScene(
  stack: AsyncDisposableStack,
  { label, clusters, rollouts, groups = 1, settings }: RolloutWishes,
): Promise<RolloutScene> {
  const problem = openFilesProblem(describeMachine().openFilesLimit, clusters * FILES_PER_AGENT + 500);
  if (problem !== undefined) throw new Error(problem);
  const processes = new ProcessSet(`bench-${label}`);
  stack.defer(() => processes.close());
  const hub = await startBenchHub(processes, {
    settings: { FAIRLEAD_GIT_INTERVAL: '1h', FAIRLEAD_LOG_LEVEL: 'warn', ...settings },
  });
  stack.defer(() => hub.stop());
  await describeWaves(hub.api, groups);
  const repository = await BenchRepository.make(processes.folder);
  return { hub, repository, all: applications(rollouts, groups) };
}

/** Comes back when all of them are connected. */
export async function enrol(
  stack: AsyncDisposableStack,
  { hub }: RolloutScene,
  { kind, count, applyMs, processes }: FleetWishes,
): Promise<SimulatedFleet> {
  const namePrefix = `bench-${kind}`;
  const joinToken = await inviteClusters(hub.api, `${namePrefix}-*`, count, kind);
  const plan = { hubUrl: hub.api.url, joinToken, namePrefix, count, applyMs };
  const fleet = await SimulatedFleet.start(plan, processes);
  stack.defer(() => fleet.stop());
  return fleet;
}

/** The first release goes out here and is not measured: it also makes the instances. */
export async function bringFirstRelease({ hub, repository, all }: RolloutScene): Promise<void> {
  await repository.commit(manifests(all, 1), 'release 1');
  await saveApplications(hub.api, repository.url, all);
  await untilRolledOut(hub.api, all, 1);
}

/** Commits, tells the hub, and comes back when every application's rollout has ended well. */
export async function rollOut(
  { hub, repository, all }: RolloutScene,
  release: number,
): Promise<EndedRollout[]> {
  await repository.commit(manifests(all, release), `release ${release}`);
  const [ended] = await Promise.all([untilRolledOut(hub.api, all, release), refreshAll(hub, all)]);
  return ended;
}

async function refreshAll(hub: BenchHub, all: readonly PlainApplication[]): Promise<void> {
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await refresh(hub.api, next.name);
  };
  await Promise.all(Array.from({ length: REFRESHES_AT_ONCE }, worker));
}
