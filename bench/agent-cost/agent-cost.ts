// B10: what one real agent costs beside a real API server, idle and while a tenth of its objects is changed by hand, and
// how fast it heals.
import { setTimeout as pause } from 'node:timers/promises';
import { applicationsOf, filesOf, namespacesOf, OBJECTS_PER_APPLICATION } from '../apply/apply-content.ts';
import { openRealScene, SIMULATED_NODES, type RealScene } from '../scene/real-scene.ts';
import { startMeter } from '../apply/apply-meter.ts';
import { createNamespaces } from '../apply/raw-apply.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { untilAllSynced } from '../content/fleet-progress.ts';
import { saveApplications } from '../content/fleet-setup.ts';
import { processUse } from '../measure/process-use.ts';
import { percentile } from '../report/statistics.ts';
import { healAgain, healEach } from './heal-times.ts';

const PREFIX = 'team';
const VALUE = 1;
const WINDOW_MS = 60_000;
const SETTLE_MS = 10_000;
const REPEATS = 3;
const MINUTE_MS = 60_000;

/** The benchmark. */
export const agentCost: Benchmark = {
  name: 'agent-cost',
  title: 'B10: one real agent on a real API server, idle and healing',
  simulated: [
    SIMULATED_NODES,
    'A tenth of the objects is changed by hand within a minute, each once; healed: the wanted value is there again, looked at every 5 ms. Afterwards one object is changed three times more, each time as soon as it was healed.',
  ],
  targets: [0, 500, 2_000].flatMap((objects) => {
    const atMost = (figure: string, value: number) =>
      ({ load: loadOf(objects).name, figure, bound: 'AT_MOST', value }) as const;
    return [
      atMost('idleRssBytes', objects === 0 ? 110e6 : 160e6),
      atMost('idleRequestsPerMinute', 30),
      atMost('healP95Ms', 300),
    ];
  }),
  loads: ({ applications }: Wishes) =>
    (applications === undefined ? [0, 500, 2_000] : [applications * OBJECTS_PER_APPLICATION]).map(loadOf),
  run: runOnce,
};

function loadOf(objects: number): Load {
  return {
    name: `${objects} objects`,
    parameters: { objects, applications: objects / OBJECTS_PER_APPLICATION },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { applications = 0 } = parameters;
  await using scene = await openRealScene('bench-agent-cost');
  if (applications > 0) await applyAll(scene, applications);
  context.say(`${applications * OBJECTS_PER_APPLICATION} objects are applied`);
  await pause(SETTLE_MS);
  const idle = await measureIdle(scene);
  context.signal.throwIfAborted();
  const healing = applications > 0 ? await measureHealing(scene, applications) : {};
  return [{ ...idle, ...healing }];
}

async function applyAll({ hub, plane, repository }: RealScene, applications: number): Promise<void> {
  await createNamespaces(plane.api, namespacesOf(applications, PREFIX));
  await repository.commit(filesOf(applications, PREFIX, VALUE), 'all');
  await saveApplications(hub.api, repository.url, applicationsOf(applications, PREFIX));
  await untilAllSynced(hub.api, { instances: applications, release: 1 });
}

async function measureIdle({ plane, agent }: RealScene): Promise<Figures> {
  const cost = await startMeter(plane);
  const cpuBefore = processUse(agent.pid).cpuSeconds;
  await pause(WINDOW_MS);
  const spent = await cost(agent, cpuBefore);
  const minutes = spent.elapsedMs / MINUTE_MS;
  return {
    idleRssBytes: spent.agentRssBytes,
    idleCpuMsPerMinute: (spent.agentCpuSeconds * 1_000) / minutes,
    idleRequestsPerMinute: (spent.reads + spent.writes) / minutes,
    idleCoresBusyForOthers: spent.coresBusyForOthers,
  };
}

/** A tenth of the objects: the ConfigMaps of as many applications. */
async function measureHealing({ plane, agent }: RealScene, applications: number): Promise<Figures> {
  const count = Math.ceil((applications * OBJECTS_PER_APPLICATION) / 10);
  const chosen = Array.from({ length: Math.min(count, applications) }, (_, index) => index);
  const targets = { api: plane.api, prefix: PREFIX, value: VALUE, applications: chosen };
  const cost = await startMeter(plane);
  const cpuBefore = processUse(agent.pid).cpuSeconds;
  const healMs = await healEach(targets, WINDOW_MS);
  const spent = await cost(agent, cpuBefore);
  const repeatMs = await healAgain(targets, REPEATS);
  return {
    healP50Ms: percentile(healMs, 0.5),
    healP95Ms: percentile(healMs, 0.95),
    healSlowestMs: Math.max(...healMs),
    repeatedHealSlowestMs: Math.max(...repeatMs),
    healedObjects: healMs.length,
    healingRssBytes: spent.agentRssBytes,
    healingCpuMsPerObject: (spent.agentCpuSeconds * 1_000) / healMs.length,
    healingCoresBusyForOthers: spent.coresBusyForOthers,
  };
}
