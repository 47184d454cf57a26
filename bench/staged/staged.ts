// B5: releases go through a fleet in waves, alone and many at once. How long from the commit until the hub has verified
// the release, and what each target costs.
import { nowMs } from '../agents/fleet-messages.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { watchOthers } from '../measure/other-load.ts';
import { percentile } from '../report/statistics.ts';
import { bringFirstRelease, enrol, openRolloutScene, rollOut, type RolloutScene } from './rollout-scene.ts';
import { groupName } from './staged-content.ts';

const APPLY_MS = 500;
const AGENT_PROCESSES = 2;
const ONE = { clusters: 1_000, rollouts: 1, groups: 1 };
/** The shape for which others published figures. */
const MANY = { clusters: 1_000, rollouts: 100, groups: 10 };
/** Ten times as many targets. */
const EVERYWHERE = { clusters: 1_000, rollouts: 100, groups: 1 };

/** The benchmark. */
export const staged: Benchmark = {
  name: 'staged',
  title: 'B5: releases in waves of 20, 30 and 50 % of the clusters, half of a wave at a time',
  simulated: [
    'The agents are simulated: real on the wire, in a few processes beside the hub, without a disk.',
    `Each apply is a pause of ${APPLY_MS} ms; there is no Kubernetes, and a cluster is healthy once it is applied.`,
    'Hub, embedded Postgres (fsync on) and all agents share this one machine and its loopback.',
  ],
  targets: [ONE, MANY, EVERYWHERE].map((size) => {
    const value = size.rollouts === 1 ? 10_000 : 40_000;
    return { load: loadOf(size).name, figure: 'rolloutP90Ms', bound: 'AT_MOST', value };
  }),
  loads: ({ clusters, applications: rollouts }: Wishes) =>
    clusters === undefined && rollouts === undefined
      ? [ONE, MANY].map(loadOf)
      : [loadOf({ clusters: clusters ?? ONE.clusters, rollouts: rollouts ?? 1, groups: 1 })],
  run: runOnce,
};

interface Size {
  readonly clusters: number;
  readonly rollouts: number;
  readonly groups: number;
}

function loadOf({ clusters, rollouts, groups }: Size): Load {
  const each = groups > 1 ? `, each on ${clusters / groups} of them` : '';
  return {
    name: `${clusters} clusters, ${rollouts} at once${each}`,
    parameters: { clusters, rollouts, groups, applyMs: APPLY_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, rollouts = 1, groups = 1 } = parameters;
  await using stack = new AsyncDisposableStack();
  const scene = await openRolloutScene(stack, { label: 'staged', clusters, rollouts, groups });
  const processes = groups > 1 ? 1 : AGENT_PROCESSES;
  for (let index = 0; index < groups; index += 1) {
    const kind = groupName(index);
    await enrol(stack, scene, { kind, count: clusters / groups, applyMs: APPLY_MS, processes });
  }
  await bringFirstRelease(scene);
  const targets = (clusters / groups) * rollouts;
  context.say(`release 1 is verified: ${rollouts} applications, ${targets} instances`);
  return [await follow(scene, targets)];
}

async function follow(scene: RolloutScene, targets: number): Promise<Figures> {
  const before = await scene.hub.use();
  const [others, startedAt] = [watchOthers(), nowMs()];
  const ended = await rollOut(scene, 2);
  const coresBusyForOthers = others();
  const after = await scene.hub.use();
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
