// B5: releases go through a fleet in waves, alone and many at once. How long from the commit until the hub has verified
// the release, and what each target costs.
import { nowMs } from '../agents/fleet-messages.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { watchOthers } from '../measure/other-load.ts';
import { percentile } from '../report/statistics.ts';
import { bringFirstRelease, enrol, openRolloutScene, rollOut, type RolloutScene } from './rollout-scene.ts';

const APPLY_MS = 500;
const AGENT_PROCESSES = 2;

/** The benchmark. */
export const staged: Benchmark = {
  name: 'staged',
  title: 'B5: releases in waves of 20, 30 and 50 % of the clusters, half of a wave at a time',
  simulated: [
    'The agents are simulated: real on the wire, in two processes beside the hub, without a disk.',
    `Each apply is a pause of ${APPLY_MS} ms; there is no Kubernetes, and a cluster is healthy once it is applied.`,
    'Hub, embedded Postgres (fsync on) and all agents share this one machine and its loopback.',
  ],
  targets: [
    { load: loadOf(1_000, 1).name, figure: 'rolloutP90Ms', bound: 'AT_MOST', value: 10_000 },
    { load: loadOf(1_000, 100).name, figure: 'rolloutP90Ms', bound: 'AT_MOST', value: 40_000 },
  ],
  loads: ({ clusters = 1_000, applications: rollouts = 1 }: Wishes) => [loadOf(clusters, rollouts)],
  run: runOnce,
};

function loadOf(clusters: number, rollouts: number): Load {
  return {
    name: `${clusters} clusters, ${rollouts} at once`,
    parameters: { clusters, rollouts, applyMs: APPLY_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, rollouts = 1 } = parameters;
  await using stack = new AsyncDisposableStack();
  const scene = await openRolloutScene(stack, { label: 'staged', clusters, rollouts });
  await enrol(stack, scene, {
    kind: 'steady',
    count: clusters,
    applyMs: APPLY_MS,
    processes: AGENT_PROCESSES,
  });
  await bringFirstRelease(scene);
  context.say(`release 1 is verified for ${rollouts} applications on ${clusters} clusters`);
  return [await follow(scene, clusters)];
}

async function follow(scene: RolloutScene, clusters: number): Promise<Figures> {
  const before = await scene.hub.use();
  const [others, startedAt] = [watchOthers(), nowMs()];
  const ended = await rollOut(scene, 2);
  const coresBusyForOthers = others();
  const after = await scene.hub.use();
  const targets = clusters * scene.all.length;
  const times = ended.map(({ rolloutMs }) => rolloutMs);
  const spent = (name: 'hubCpuSeconds' | 'databaseCpuSeconds' | 'databaseWalBytes') =>
    after[name] - before[name];
  return {
    commitToLastMs: Math.max(...ended.map(({ finishedAtMs }) => finishedAtMs)) - startedAt,
    rolloutP50Ms: percentile(times, 0.5),
    rolloutP90Ms: percentile(times, 0.9),
    missedTargets: targets - ended.reduce((sum, { ready }) => sum + ready, 0),
    hubCpuMsPerTarget: (spent('hubCpuSeconds') * 1_000) / targets,
    databaseCpuMsPerTarget: (spent('databaseCpuSeconds') * 1_000) / targets,
    walBytesPerTarget: spent('databaseWalBytes') / targets,
    coresBusyForOthers,
  };
}
