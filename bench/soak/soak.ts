// The soak: commits without end, agents and hub killed at random; nothing may be lost, and nothing may grow.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { until } from '../../test/support/until.ts';
import { countMissed, latestRelease, untilAllSynced } from '../content/fleet-progress.ts';
import { releaseFiles, smallApplication } from '../content/small-applications.ts';
import { watchOthers } from '../measure/other-load.ts';
import { percentile } from '../report/statistics.ts';
import { bringFirstRelease } from '../scene/first-release.ts';
import { openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';
import { killAtRandom } from './hub-kills.ts';
import { growthPerHour, type MemorySample } from './memory-trend.ts';

const APPLICATION = smallApplication(0);
const APPLY_MS = 500;
const COMMIT_EVERY_MS = 10_000;
const AGENT_KILL_EVERY_MS = 2_000;
const AGENT_ABSENT_MS = 5_000;
const PATIENCE_MS = 120_000;
/** In which a new hub fills its caches and V8 sizes its heap. */
const WARM_UP_MS = 300_000;
const DEFAULT = { clusters: 500, minutes: 30 };

/** The benchmark. */
export const soak: Benchmark = {
  name: 'soak',
  title: 'Soak: a commit every 10 s to all clusters, agents and hub killed at random',
  simulated: [
    ...SIMULATED_AGENTS,
    `An agent is killed every ${AGENT_KILL_EVERY_MS / 2_000} s and begins anew within ${AGENT_ABSENT_MS / 1_000} s with nothing but its credential. The hub is killed after 20 to 60 s of life, again and again, in the first third of the time, and is away up to 5 s; the other two thirds belong to one process, so that its memory can be watched. What it holds in its first ${WARM_UP_MS / 60_000} minutes, in which it fills its caches, does not count. It grows by what its highest memory in the second half of the rest exceeds that of the first.`,
  ],
  targets: [DEFAULT]
    .map(loadOf)
    .flatMap(({ name: load }) => [
      { load, figure: 'lostUpdates', bound: 'AT_MOST', value: 0 } as const,
      { load, figure: 'hubGrowthBytesPerHour', bound: 'AT_MOST', value: 20e6 } as const,
    ]),
  loads: ({ clusters, minutes }: Wishes) => [
    loadOf({ clusters: clusters ?? DEFAULT.clusters, minutes: minutes ?? DEFAULT.minutes }),
  ],
  run: runOnce,
};

function loadOf({ clusters, minutes }: typeof DEFAULT): Load {
  return {
    name: `${clusters} clusters, ${minutes} minutes`,
    parameters: { clusters, minutes, commitEveryMs: COMMIT_EVERY_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, minutes = 0 } = parameters;
  const settings = { FAIRLEAD_GIT_INTERVAL: '2s' };
  await using scene = await openScene({ label: 'soak', clusters, applyMs: APPLY_MS, settings }, context);
  await bringFirstRelease(scene);
  scene.fleet.churn({ everyMs: AGENT_KILL_EVERY_MS, absentMs: AGENT_ABSENT_MS });
  const lengthMs = minutes * 60_000;
  const others = watchOthers();
  const startedAt = performance.now();
  const [{ kills: hubKills, lastStartMs }, watched] = await Promise.all([
    killAtRandom(scene.hub, lengthMs / 3, context.signal),
    commitForever(scene, lengthMs, context),
  ]);
  const agentKills = await scene.fleet.endChurn();
  const outcome = await finalState(scene, watched.commits);
  const calmSinceMs = lastStartMs - startedAt + WARM_UP_MS;
  const calm = watched.samples.filter(({ sinceMs }) => sinceMs > calmSinceMs);
  return [{ ...outcome, hubKills, agentKills, ...figuresOf(watched, calm), coresBusyForOthers: others() }];
}

interface Sample {
  readonly sinceMs: number;
  readonly hubBytes: number;
  readonly databaseBytes: number;
  readonly agentsBytes: number;
  readonly databaseSizeBytes: number;
}

interface Watched {
  readonly commits: number;
  /** Instances that were not on the newest release 10 s after its commit. */
  readonly behind: readonly number[];
  readonly samples: readonly Sample[];
}

async function commitForever(scene: Scene, lengthMs: number, context: RunContext): Promise<Watched> {
  const startedAt = performance.now();
  const [behind, samples]: [number[], Sample[]] = [[], []];
  let commits = 1;
  for (let round = 1; round * COMMIT_EVERY_MS <= lengthMs; round += 1) {
    commits += 1;
    await scene.repository.commit(releaseFiles([APPLICATION], commits), `release ${commits}`);
    const restMs = startedAt + round * COMMIT_EVERY_MS - performance.now();
    await pause(Math.max(0, restMs), undefined, { signal: context.signal });
    const sample = await look(scene, performance.now() - startedAt);
    if (!sample) continue;
    behind.push(sample.behind);
    samples.push(sample);
    const megabytes = Math.round(sample.hubBytes / 1e6);
    if (round % 6 === 0)
      context.say(`${commits} commits, ${sample.behind} instances behind, hub ${megabytes} MB`);
  }
  return { commits, behind, samples };
}

/** Undefined while the hub is away. */
async function look({ hub, fleet, clusters }: Scene, sinceMs: number) {
  try {
    const { number } = await latestRelease(hub.api, APPLICATION.name);
    const behind = await countMissed(hub.api, { instances: clusters, release: number });
    const [use, agents] = [await hub.use(), await fleet.use()];
    return {
      sinceMs,
      behind,
      hubBytes: use.hubRssBytes,
      databaseBytes: use.databasePssBytes,
      databaseSizeBytes: use.databaseSizeBytes,
      agentsBytes: agents.rssBytes,
    };
  } catch {
    return undefined;
  }
}

/** Everything has its last commit, as the hub says; what it logged as errors is counted. */
async function finalState({ hub, processes, clusters }: Scene, commits: number) {
  const endedAt = performance.now();
  const isLast = async () =>
    (await latestRelease(hub.api, APPLICATION.name)).message === `release ${commits}`;
  await until('the last commit to be a release', isLast, { timeoutMs: PATIENCE_MS, intervalMs: 200 });
  const { number: release } = await latestRelease(hub.api, APPLICATION.name);
  const goal = { instances: clusters, release, timeoutMs: PATIENCE_MS };
  await untilAllSynced(hub.api, goal).catch(() => undefined);
  const log = readFileSync(path.join(processes.folder, 'hub.log'), 'utf8');
  return {
    commits,
    releases: release,
    lostUpdates: await countMissed(hub.api, goal),
    lastCommitToAllMs: performance.now() - endedAt,
    hubErrorLines: log.split('\n').filter((line) => line.includes('"level":"error"')).length,
  };
}

function figuresOf({ behind }: Watched, calm: readonly Sample[]): Figures {
  const trend = (of: (sample: Sample) => number) =>
    growthPerHour(calm.map((sample): MemorySample => ({ atMs: sample.sinceMs, bytes: of(sample) })));
  return {
    behindAfter10sP50: percentile(behind, 0.5),
    behindAfter10sP90: percentile(behind, 0.9),
    hubRssFirstBytes: calm[0]?.hubBytes ?? 0,
    hubRssLastBytes: calm.at(-1)?.hubBytes ?? 0,
    hubGrowthBytesPerHour: trend(({ hubBytes }) => hubBytes),
    databaseMemoryGrowthBytesPerHour: trend(({ databaseBytes }) => databaseBytes),
    agentsGrowthBytesPerHour: trend(({ agentsBytes }) => agentsBytes),
    databaseSizeGrowthBytesPerHour: trend(({ databaseSizeBytes }) => databaseSizeBytes),
  };
}
