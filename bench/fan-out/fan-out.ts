// B3: one release to many clusters. How long from the commit until every doorbell has rung, and until the hub knows that
// every cluster runs it well.
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { saveApplications } from '../content/fleet-setup.ts';
import { releaseFiles, smallApplication } from '../content/small-applications.ts';
import { AGENT_PROCESSES, openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';
import { followRelease, untilReleased } from './follow-release.ts';

const APPLY_MS = 500;
const COMMITS_PER_RUN = 3;
const APPLICATION = smallApplication(0);

/** The benchmark. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  title: 'B3: one release to many clusters, from the commit to all reported',
  simulated: [...SIMULATED_AGENTS, `Each apply is a pause of ${APPLY_MS} ms.`],
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
  await using scene = await openScene({ label: 'fan-out', clusters, applyMs: APPLY_MS }, context);
  await describeContent(scene);
  const samples: Figures[] = [];
  for (let commit = 1; commit <= COMMITS_PER_RUN; commit += 1) {
    context.signal.throwIfAborted();
    const release = commit + 1;
    const figures = await followRelease(scene, { application: APPLICATION, release });
    context.say(`release ${release}: all reported after ${Math.round(figures.commitToReportedMs)} ms`);
    samples.push({ ...figures, enrolMs: scene.enrolMs });
  }
  return samples;
}

/** The first release goes out here and is not measured: it also makes the instances. */
async function describeContent({ hub, repository, fleet }: Scene): Promise<void> {
  await repository.commit(releaseFiles([APPLICATION], 1), 'release 1');
  const { settled } = await fleet.expect({ release: 1, instances: 1 });
  await saveApplications(hub.api, repository.url, [APPLICATION]);
  await settled;
  await untilReleased(hub.api, APPLICATION.name, 1);
}
