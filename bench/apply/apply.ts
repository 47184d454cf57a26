// B12: one real cluster, one real agent, very many small applications: first sync, a commit to all of them, a round in
// which nothing changed, and a quiet minute; beside what the API server takes by itself.
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { openRealScene, SIMULATED_NODES } from '../scene/real-scene.ts';
import { applicationsOf, namespacesOf } from './apply-content.ts';
import { measurePhases } from './apply-phases.ts';
import { createNamespaces, measureRawApply } from './raw-apply.ts';

const PREFIX = 'team';
const DEFAULT_APPLICATIONS = 1_000;

/** The benchmark. */
export const apply: Benchmark = {
  name: 'apply',
  title: 'B12: one agent on one real API server, 1,000 applications of four objects',
  simulated: [
    SIMULATED_NODES,
    'For the first sync and for the commit the agent is held (not yet started; stopped by SIGSTOP) until the hub has assigned everything, so that its own rate is measured and not the rendering of 1,000 releases; the last commit goes through without a hold, and its time is that of the whole way.',
    'The API server alone is measured in the same run: the same objects in other namespaces, 16 requests in flight; its Services are gone again before the agent begins.',
    'A Service makes the control plane write an address, endpoints and a slice; addresses are given out one at a time, and each looks at all that are given out. Alone, the API server is done before most of that; beside agent, hub and Postgres on the same cores it is what the first sync waits for.',
  ],
  targets: targetsOf(DEFAULT_APPLICATIONS),
  loads: ({ applications }: Wishes) => [loadOf(applications ?? DEFAULT_APPLICATIONS)],
  run: runOnce,
};

function targetsOf(applications: number): Benchmark['targets'] {
  const load = loadOf(applications).name;
  const atMost = (figure: string, value: number) => ({ load, figure, bound: 'AT_MOST', value }) as const;
  const atLeast = (figure: string, value: number) => ({ load, figure, bound: 'AT_LEAST', value }) as const;
  return [
    atLeast('firstSyncObjectsPerSecond', 350),
    atLeast('firstSyncToRawCreatesRatio', 0.75),
    // Reads do not grow with the applications: a dozen at the start.
    atMost('firstSyncWritesPerApplication', 6),
    atMost('firstSyncReads', 30),
    atMost('firstSyncAgentCpuMsPerApplication', 5),
    atLeast('commitChangesPerSecond', 600),
    atMost('commitWritesPerChangedObject', 1),
    atMost('noOpWrites', 0),
    atMost('idleRequestsPerMinute', 30),
  ];
}

function loadOf(applications: number): Load {
  return { name: `${applications} applications`, parameters: { applications, objectsPerApplication: 4 } };
}

async function runOnce(load: Load, context: RunContext): Promise<readonly Figures[]> {
  const applications = load.parameters['applications'] ?? 0;
  await using scene = await openRealScene('bench-apply');
  const { plane } = scene;
  const raw = await measureRawApply(plane.api, applications);
  context.say(`the API server alone takes ${Math.round(raw.rawCreatesPerSecond)} creates/s`);
  await createNamespaces(plane.api, namespacesOf(applications, PREFIX));
  const stage = { ...scene, context, prefix: PREFIX, applications: applicationsOf(applications, PREFIX) };
  return [{ ...raw, ...(await measurePhases(stage, raw)) }];
}
