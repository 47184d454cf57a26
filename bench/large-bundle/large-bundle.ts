// B9: one large application to many clusters, then one changed line of it.
import { writeFileSync } from 'node:fs';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { refresh, untilAllSynced } from '../content/fleet-progress.ts';
import { saveApplications } from '../content/fleet-setup.ts';
import { storedBundles } from '../measure/database-use.ts';
import { startHubMeter } from '../measure/hub-meter.ts';
import { peakRssBytes } from '../measure/process-use.ts';
import { openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';
import { LARGE, largeFiles } from './large-content.ts';

const BYTES = 5_000_000;

/** The benchmark. */
export const largeBundle: Benchmark = {
  name: 'large-bundle',
  title: 'B9: 5 MB of manifests to many clusters, then one changed line',
  simulated: [
    ...SIMULATED_AGENTS,
    'An agent downloads the whole bundle, unpacks it and checks its digest; 32 downloads at once in each of the two processes, because those hold as many bundles in memory.',
    'The text hardly compresses.',
  ],
  targets: [100, 1_000].flatMap((clusters) => {
    const atMost = (figure: string, value: number) =>
      ({ load: loadOf(clusters).name, figure, bound: 'AT_MOST', value }) as const;
    return [atMost('hubPeakGrowthBytes', 200e6), atMost('bundlesForEachRelease', 1)];
  }),
  loads: ({ clusters }: Wishes) => (clusters === undefined ? [1_000] : [clusters]).map(loadOf),
  run: runOnce,
};

function loadOf(clusters: number): Load {
  return { name: `${clusters} clusters`, parameters: { clusters, bytes: BYTES } };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0 } = parameters;
  await using scene = await openScene({ label: 'large-bundle', clusters, applyMs: 0 }, context);
  const { hub, repository } = scene;
  const rssBefore = (await hub.use()).hubRssBytes;
  // Linux forgets the peak so far.
  writeFileSync(`/proc/${hub.pid()}/clear_refs`, '5');
  await repository.commit(largeFiles(BYTES, 1), 'release 1');
  const first = await follow(scene, 1, () => saveApplications(hub.api, repository.url, [LARGE]));
  context.say(`first release everywhere after ${Math.round(first.elapsedMs)} ms`);
  await repository.commit(largeFiles(BYTES, 2), 'release 2');
  const second = await follow(scene, 2, () => refresh(hub.api, LARGE.name));
  context.say(`one changed line everywhere after ${Math.round(second.elapsedMs)} ms`);
  const stored = await storedBundles(hub.database);
  return [
    {
      firstMs: first.elapsedMs,
      firstHubCpuSeconds: first.hubCpuSeconds,
      changeMs: second.elapsedMs,
      changeHubCpuSeconds: second.hubCpuSeconds,
      changeDatabaseCpuSeconds: second.databaseCpuSeconds,
      egressBytesPerAgent: second.wireBytes / clusters,
      egressBytesEachSecond: second.wireBytes / (second.elapsedMs / 1_000),
      hubPeakGrowthBytes: peakRssBytes(hub.pid()) - rssBefore,
      hubRssBytes: second.hubRssBytes,
      bundlesForEachRelease: stored.bundles / 2,
      storedBytesOfEachBundle: stored.bytes / stored.bundles,
      coresBusyForOthers: second.coresBusyForOthers,
    },
  ];
}

async function follow({ hub, fleet, clusters }: Scene, release: number, begin: () => Promise<void>) {
  const { settled } = await fleet.expect({ release, instances: 1 });
  const cost = await startHubMeter(hub, fleet);
  await begin();
  await Promise.all([settled, untilAllSynced(hub.api, { instances: clusters, release })]);
  return cost();
}
