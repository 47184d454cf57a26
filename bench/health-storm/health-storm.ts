// B6: every instance of the fleet changes its health within 10 s. How fast the hub stores it, and when a subscriber sees.
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { countDegraded } from '../content/fleet-progress.ts';
import { startHubMeter } from '../measure/hub-meter.ts';
import { percentile } from '../report/statistics.ts';
import { bringFirstRelease } from '../scene/first-release.ts';
import { openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';
import { watchInstances } from './changed-instances.ts';

const WITHIN_MS = 10_000;
const APPLICATIONS = 10;
const DRIFTED = 3;
const PATIENCE_MS = 120_000;

/** The benchmark. */
export const healthStorm: Benchmark = {
  name: 'health-storm',
  title: 'B6: every instance of the fleet changes its health within 10 s',
  simulated: [
    ...SIMULATED_AGENTS,
    `${APPLICATIONS} instances a cluster; each becomes DEGRADED at a random moment, and its agent reports as a real one does: what changes within 100 ms goes into one message.`,
    'One subscriber listens to all instances over GraphQL; its lag is from the change in the agent to the message.',
  ],
  targets: [100, 1_000, 5_000].flatMap((clusters) => {
    return [0, DRIFTED].flatMap((drifted) => {
      const { name: load } = loadOf(clusters, APPLICATIONS, drifted);
      const atMost = (figure: string, value: number) => ({ load, figure, bound: 'AT_MOST', value }) as const;
      return [atMost('absorbedMs', 20_000), atMost('seenP99Ms', 5_000), atMost('neverSeen', 0)];
    });
  }),
  loads: ({ clusters = 1_000, applications = APPLICATIONS }: Wishes) =>
    [0, DRIFTED].map((drifted) => loadOf(clusters, applications, drifted)),
  run: runOnce,
};

function loadOf(clusters: number, applications: number, drifted: number): Load {
  const drift = drifted > 0 ? `, ${drifted} fields drifted in each` : '';
  return {
    name: `${clusters} clusters × ${applications} instances${drift}`,
    parameters: { clusters, applications, drifted, withinMs: WITHIN_MS },
  };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, applications = 0, drifted = 0 } = parameters;
  await using scene = await openScene({ label: 'health-storm', clusters, applyMs: 0 }, context);
  await bringFirstRelease(scene, applications);
  context.say('every instance is well');
  const seen = await watchInstances(scene.hub);
  try {
    return [await measureStorm(scene, { instances: clusters * applications, drifted }, seen)];
  } finally {
    seen.close();
  }
}

async function measureStorm(
  { hub, fleet }: Scene,
  { instances, drifted }: { readonly instances: number; readonly drifted: number },
  seen: Awaited<ReturnType<typeof watchInstances>>,
): Promise<Figures> {
  const cost = await startHubMeter(hub, fleet);
  const startedAtMs = nowMs();
  const changing = fleet.changeHealth(WITHIN_MS, drifted);
  const patience = { timeoutMs: PATIENCE_MS, intervalMs: 200 };
  const isStored = async () => (await countDegraded(hub.api)) === instances;
  await until('the hub to know of all', isStored, patience);
  const absorbedMs = nowMs() - startedAtMs;
  const spent = await cost();
  await until('the subscriber to see all', () => seen.degradedAtMs.size === instances, patience).catch(
    () => undefined,
  );
  const changedAtMs = await changing;
  const lags = [...seen.degradedAtMs].map(([id, at]) => at - changeOf(changedAtMs, id));
  return {
    absorbedMs,
    instancesPerSecond: instances / (absorbedMs / 1_000),
    seenP50Ms: percentile(lags, 0.5),
    seenP99Ms: percentile(lags, 0.99),
    neverSeen: instances - lags.length,
    subscriberMessages: seen.messages(),
    hubCpuSeconds: spent.hubCpuSeconds,
    databaseCpuSeconds: spent.databaseCpuSeconds,
    agentsCpuSeconds: spent.agentsCpuSeconds,
    walBytesPerInstance: spent.walBytes / instances,
    wireBytesPerInstance: spent.wireBytes / instances,
    hubRssBytes: spent.hubRssBytes,
    databasePssBytes: spent.databasePssBytes,
    coresBusyForOthers: spent.coresBusyForOthers,
  };
}

function changeOf(changedAtMs: ReadonlyMap<string, number>, id: string): number {
  const at = changedAtMs.get(id);
  if (at === undefined) throw new Error(`instance ${id} became DEGRADED, and no agent had changed it`);
  return at;
}
