// B1: a fleet that is connected, runs one application, and has nothing to do.
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { startHubMeter, type StretchCost } from '../measure/hub-meter.ts';
import { bringFirstRelease } from '../scene/first-release.ts';
import { openScene, SIMULATED_AGENTS } from '../scene/simulated-scene.ts';

const WINDOW_MS = 60_000;
const DAY_MS = 86_400_000;
/** An agent looks at its assignments this often, whatever happens. */
const LOOK_EVERY_MS = 600_000;
/** Until the first heartbeats have spread and what the start left is written. */
const SETTLE_MS = 20_000;

/** The benchmark. */
export const idle: Benchmark = {
  name: 'idle',
  title: 'B1: a fleet that is connected and has nothing to do',
  simulated: [
    ...SIMULATED_AGENTS,
    'Each cluster runs one application. Measured is one minute; what a day takes is that minute 1,440 times. In it a tenth of the agents compares its assignments with the hub, as one does every ten minutes.',
  ],
  targets: [
    { load: loadOf(5_000).name, figure: 'busyCores', bound: 'AT_MOST', value: 0.5 },
    { load: loadOf(5_000).name, figure: 'memoryBytes', bound: 'AT_MOST', value: 1.2e9 },
    { load: loadOf(10_000).name, figure: 'busyCores', bound: 'AT_MOST', value: 1 },
    ...[1_000, 5_000, 10_000].map((clusters) => {
      const { name: load } = loadOf(clusters);
      return { load, figure: 'wireBytesPerAgentAndDay', bound: 'AT_MOST', value: 1e6 } as const;
    }),
  ],
  loads: ({ clusters }: Wishes) => (clusters === undefined ? [1_000] : [clusters]).map(loadOf),
  run: runOnce,
};

function loadOf(clusters: number): Load {
  return {
    name: `${clusters} clusters`,
    parameters: { clusters, windowMs: WINDOW_MS, lookEveryMs: LOOK_EVERY_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0 } = parameters;
  await using scene = await openScene({ label: 'idle', clusters, applyMs: 0 }, context);
  await bringFirstRelease(scene);
  await pause(SETTLE_MS);
  scene.fleet.look(WINDOW_MS / LOOK_EVERY_MS, WINDOW_MS);
  const cost = await startHubMeter(scene.hub, scene.fleet);
  await pause(WINDOW_MS, undefined, { signal: context.signal });
  return [idleFigures(await cost(), clusters)];
}

function idleFigures(spent: StretchCost, clusters: number): Figures {
  const seconds = spent.elapsedMs / 1_000;
  const perDay = DAY_MS / spent.elapsedMs;
  return {
    busyCores: (spent.hubCpuSeconds + spent.databaseCpuSeconds) / seconds,
    hubCores: spent.hubCpuSeconds / seconds,
    databaseCores: spent.databaseCpuSeconds / seconds,
    memoryBytes: spent.hubRssBytes + spent.databasePssBytes,
    hubRssBytes: spent.hubRssBytes,
    databasePssBytes: spent.databasePssBytes,
    walBytesEachSecond: spent.walBytes / seconds,
    wireBytesPerAgentAndDay: (spent.wireBytes / clusters) * perDay,
    walBytesPerAgentAndDay: (spent.walBytes / clusters) * perDay,
    coresBusyForOthers: spent.coresBusyForOthers,
  };
}
