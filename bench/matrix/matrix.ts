// B4: many applications on many clusters: from nothing, and then one commit that changes all of them.
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { untilAllSynced } from '../content/fleet-progress.ts';
import { saveApplications } from '../content/fleet-setup.ts';
import { releaseFiles, smallApplications } from '../content/small-applications.ts';
import { startHubMeter } from '../measure/hub-meter.ts';
import { openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';

const APPLY_MS = 500;
const DEFAULT_LOADS = [
  [50, 50],
  [50, 500],
] as const;

/** The benchmark. */
export const matrix: Benchmark = {
  name: 'matrix',
  title: 'B4: many applications on many clusters, from nothing to all synced, and one commit to all',
  simulated: [
    ...SIMULATED_AGENTS,
    `Each apply is a pause of ${APPLY_MS} ms; an agent applies all its applications at once.`,
    'The hub looks at the repository every 2 s.',
  ],
  targets: targetsOf([
    [50, 50, 5_000],
    [50, 500, 45_000],
    [100, 1_000, 240_000],
  ]),
  loads: ({ clusters, applications }: Wishes) =>
    clusters === undefined
      ? DEFAULT_LOADS.map(([many, wide]) => loadOf(many, wide))
      : [loadOf(applications ?? 50, clusters)],
  run: runOnce,
};

function targetsOf(rows: readonly (readonly [number, number, number])[]): Benchmark['targets'] {
  return rows.flatMap(([applications, clusters, value]) => {
    const { name: load } = loadOf(applications, clusters);
    const atMost = (figure: string, most: number) =>
      ({ load, figure, bound: 'AT_MOST', value: most }) as const;
    return [
      atMost('firstSyncMs', value),
      atMost('commitMs', value),
      atMost('databaseBytesPerInstance', 1_000),
    ];
  });
}

function loadOf(applications: number, clusters: number): Load {
  return {
    name: `${applications} applications on ${clusters} clusters`,
    parameters: { applications, clusters, applyMs: APPLY_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, applications = 0 } = parameters;
  const wishes = { label: 'matrix', clusters, applyMs: APPLY_MS, settings: { FAIRLEAD_GIT_INTERVAL: '2s' } };
  await using scene = await openScene(wishes, context);
  const first = await followAll(scene, applications, 1);
  context.say(`first sync of all: ${Math.round(first.elapsedMs)} ms`);
  context.signal.throwIfAborted();
  const commit = await followAll(scene, applications, 2);
  context.say(`commit to all: ${Math.round(commit.elapsedMs)} ms`);
  const instances = applications * clusters;
  return [
    {
      firstSyncMs: first.elapsedMs,
      firstSyncCoresBusyForOthers: first.coresBusyForOthers,
      firstSyncHubCpuSeconds: first.hubCpuSeconds,
      firstSyncDatabaseCpuSeconds: first.databaseCpuSeconds,
      firstSyncWalBytesPerInstance: first.walBytes / instances,
      databaseBytesPerInstance: first.databaseGrowthBytes / instances,
      commitMs: commit.elapsedMs,
      commitCoresBusyForOthers: commit.coresBusyForOthers,
      commitHubCpuSeconds: commit.hubCpuSeconds,
      commitDatabaseCpuSeconds: commit.databaseCpuSeconds,
      commitAgentsCpuSeconds: commit.agentsCpuSeconds,
      commitWalBytesPerInstance: commit.walBytes / instances,
      hubRssBytes: commit.hubRssBytes,
      databasePssBytes: commit.databasePssBytes,
      enrolMs: scene.enrolMs,
    },
  ];
}

/** Release 1 begins with the saving of the applications, the others with their commit. */
async function followAll({ hub, fleet, repository, clusters }: Scene, count: number, release: number) {
  const applications = smallApplications(count);
  const { settled } = await fleet.expect({ release, instances: count });
  if (release === 1) await repository.commit(releaseFiles(applications, release), 'release 1');
  const cost = await startHubMeter(hub, fleet);
  if (release === 1) await saveApplications(hub.api, repository.url, applications);
  else await repository.commit(releaseFiles(applications, release), `release ${release}`);
  await Promise.all([settled, untilAllSynced(hub.api, { instances: count * clusters, release })]);
  return cost();
}
