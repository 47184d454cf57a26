// B10: a real agent on a real API server that keeps 2,000 objects: what it costs while nothing happens and while every
// tenth object is changed by hand, how soon a change is healed and stored in the hub, and how a fight ends.
import { startControlPlanes } from '../../test/support/control-plane.ts';
import { ProcessSet } from '../../test/support/process-set.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { createNamespaces } from '../apply/raw-apply.ts';
import { applicationsOf, filesOf, namespacesOf, OBJECTS_PER_APPLICATION } from '../apply/apply-content.ts';
import { untilOnline } from '../apply/assignment-progress.ts';
import { untilAllSynced } from '../content/fleet-progress.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { describeWay, inviteClusters, saveApplications } from '../content/fleet-setup.ts';
import { startBenchAgent } from '../programs/bench-agent.ts';
import { startBenchHub } from '../programs/bench-hub.ts';
import { measureCost, untilCalm } from './agent-cost.ts';
import { changedApplication, changedFiles } from './changed-content.ts';
import { measureFight } from './fight.ts';
import { measureChanges } from './hand-made-changes.ts';

const CLUSTER = 'bench-00000';
const PREFIX = 'team';
const DEFAULT_APPLICATIONS = 500;

/** The benchmark. */
export const drift: Benchmark = {
  name: 'drift',
  title: 'B10: one agent on one real API server, 2,000 objects, and people who change them',
  simulated: [
    'Nothing of hub, agent and API server is simulated: hub with embedded Postgres, one agent process, kube-apiserver and etcd (without fsync) with controller manager, scheduler and kwok in place of nodes, all on this one machine.',
    'People are simulated: one program sends what kubectl would send. A change counts from the API server’s answer to it; healed is when a read shows the old value, stored is when the hub’s API tells the episode and how it ended. Both are asked every few milliseconds, which costs the same machine.',
  ],
  targets: targetsOf(DEFAULT_APPLICATIONS),
  loads: ({ applications }: Wishes) => [loadOf(applications ?? DEFAULT_APPLICATIONS)],
  run: runOnce,
};

function targetsOf(applications: number): Benchmark['targets'] {
  const load = loadOf(applications).name;
  const atMost = (figure: string, value: number) => ({ load, figure, bound: 'AT_MOST', value }) as const;
  return [
    atMost('idleAgentRssBytes', 110_000_000),
    atMost('driftingAgentRssBytes', 160_000_000),
    atMost('idleRequestsPerMinute', 30),
    ...['edit', 'scale', 'delete'].flatMap((kind) => [
      atMost(`${kind}HealedP50Ms`, 150),
      atMost(`${kind}HealedP95Ms`, 300),
      atMost(`${kind}StoredP95Ms`, 300),
    ]),
    atMost('secondHealedP50Ms', 150),
    atMost('thirdHealedP50Ms', 150),
    atMost('contestedAgentWrites', 0),
  ];
}

function loadOf(applications: number): Load {
  const objects = applications * OBJECTS_PER_APPLICATION;
  return { name: `${objects} objects`, parameters: { applications, objects } };
}

async function runOnce(load: Load, context: RunContext): Promise<readonly Figures[]> {
  const applications = load.parameters['applications'] ?? 0;
  await using stack = new AsyncDisposableStack();
  const stage = await setUp(stack, applications, context);
  const empty = await measureCost(stage, 'empty', 10_000);
  await deliver(stage, applications);
  context.signal.throwIfAborted();
  const changes = await measureChanges(stage);
  await untilCalm(stage);
  const idle = await measureCost(stage, 'idle', 60_000);
  context.say(`idle: ${Math.round(idle['idleRequestsPerMinute'] ?? 0)} requests a minute`);
  context.signal.throwIfAborted();
  const changing = applications * OBJECTS_PER_APPLICATION;
  const drifting = await measureCost(stage, 'drifting', 60_000, { changing });
  const fight = await measureFight(stage);
  return [{ ...empty, ...changes, ...idle, ...drifting, ...fight }];
}

/** Everything runs, and nothing is described to the hub but the way of releases. */
async function setUp(stack: AsyncDisposableStack, applications: number, context: RunContext) {
  const [plane] = await startControlPlanes([CLUSTER]);
  stack.defer(() => plane.stop());
  await createNamespaces(plane.api, [...namespacesOf(applications, PREFIX), changedApplication.namespace]);
  const processes = new ProcessSet('bench-drift');
  stack.defer(() => processes.close());
  const repository = await BenchRepository.make(processes.folder);
  const hub = await startBenchHub(processes, {
    settings: { FAIRLEAD_GIT_INTERVAL: '5s', FAIRLEAD_LOG_LEVEL: 'warn' },
  });
  stack.defer(() => hub.stop());
  await describeWay(hub.api);
  const joinToken = await inviteClusters(hub.api, CLUSTER, 1);
  const agent = startBenchAgent(processes, { hubUrl: hub.api.url, joinToken, clusterName: CLUSTER, plane });
  await untilOnline(hub.api, CLUSTER);
  return { hub, plane, agent, context, repository, applications, prefix: PREFIX };
}

/** The agent has applied all of it, and the hub knows. */
async function deliver(
  { hub, repository, context }: Awaited<ReturnType<typeof setUp>>,
  applications: number,
): Promise<void> {
  const files = new Map([...filesOf(applications, PREFIX, 1), ...changedFiles()]);
  await repository.commit(files, 'everything');
  const all = [...applicationsOf(applications, PREFIX), changedApplication];
  await saveApplications(hub.api, repository.url, all);
  await untilAllSynced(hub.api, { instances: all.length, release: 1 });
  context.say(`${all.length} applications are SYNCED`);
}
