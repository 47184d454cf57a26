// B2: the whole fleet dials at once, and again after the hub was killed; what was released meanwhile reaches everybody.
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { countMissed, refresh, untilAllSynced } from '../content/fleet-progress.ts';
import { releaseFiles, smallApplication } from '../content/small-applications.ts';
import { watchOthers } from '../measure/other-load.ts';
import { bringFirstRelease } from '../scene/first-release.ts';
import { openScene, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';

const APPLICATION = smallApplication(0);
const APPLY_MS = 500;
const DIAL_WITHIN_MS = 10_000;
const HUB_AWAY_MS = 5_000;
const PATIENCE_MS = 180_000;

/** The benchmark. */
export const storm: Benchmark = {
  name: 'storm',
  title: 'B2: the whole fleet dials within 10 s, and comes back after kill -9 of the hub',
  simulated: [
    ...SIMULATED_AGENTS,
    'First all agents are killed, a release is made, and all begin anew within 10 s with nothing but their credentials: each says hello, reads everything, downloads its bundle and reports. Verified: the hub has every cluster SYNCED and HEALTHY on that release.',
    'Then the hub is killed, started again 5 s later on the same database, and a release is made; agents come back by their own back-off. Times are from the first dial, and from the moment at which the hub serves again.',
  ],
  targets: [100, 1_000, 5_000].flatMap((clusters) => {
    const atMost = (figure: string, value: number) =>
      ({ load: loadOf(clusters).name, figure, bound: 'AT_MOST', value }) as const;
    return [
      atMost('dialToAllVerifiedMs', 30_000),
      atMost('hubBackToAllVerifiedMs', 30_000),
      atMost('missedGenerations', 0),
    ];
  }),
  loads: ({ clusters }: Wishes) => (clusters === undefined ? [1_000] : [clusters]).map(loadOf),
  run: runOnce,
};

function loadOf(clusters: number): Load {
  return { name: `${clusters} clusters`, parameters: { clusters, dialWithinMs: DIAL_WITHIN_MS } };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0 } = parameters;
  await using scene = await openScene({ label: 'storm', clusters, applyMs: APPLY_MS }, context);
  await bringFirstRelease(scene);
  const others = watchOthers();
  const dial = await dialAll(scene);
  // Once the hub is killed its database is nobody's child and would count as another program.
  const coresBusyForOthers = others();
  context.say(`all connected ${Math.round(dial.connectedMs)} ms after the first dial`);
  context.signal.throwIfAborted();
  const back = await killHub(scene);
  context.say(`all back ${Math.round(back.connectedMs)} ms after the hub`);
  const { hubRssBytes } = await scene.hub.use();
  return [
    {
      dialToAllConnectedMs: dial.connectedMs,
      dialToAllVerifiedMs: dial.verifiedMs,
      hubBackToAllConnectedMs: back.connectedMs,
      hubBackToAllVerifiedMs: back.verifiedMs,
      missedGenerations: dial.missed + back.missed,
      hubRssBytes,
      enrolMs: scene.enrolMs,
      coresBusyForOthers,
    },
  ];
}

async function dialAll(scene: Scene) {
  await scene.fleet.killAll();
  await release(scene, 2);
  const startedAtMs = nowMs();
  await scene.fleet.startAll(DIAL_WITHIN_MS);
  const connectedMs = nowMs() - startedAtMs;
  return { connectedMs, ...(await verified(scene, 2, startedAtMs)) };
}

async function killHub(scene: Scene) {
  const { hub, fleet, clusters } = scene;
  await hub.kill();
  const killedAtMs = nowMs();
  await pause(HUB_AWAY_MS);
  await hub.restart();
  const backAtMs = nowMs();
  await release(scene, 3);
  // Some are back before we have noticed that the hub serves.
  const countBack = async () => (await fleet.doorbells()).filter((at) => at > killedAtMs).length;
  await until('all agents to be connected again', async () => (await countBack()) === clusters, {
    timeoutMs: PATIENCE_MS,
    intervalMs: 250,
  });
  const connectedMs = nowMs() - backAtMs;
  return { connectedMs, ...(await verified(scene, 3, backAtMs)) };
}

async function release({ hub, repository }: Scene, number: number): Promise<void> {
  await repository.commit(releaseFiles([APPLICATION], number), `release ${number}`);
  await refresh(hub.api, APPLICATION.name);
}

/** `missed`: instances that the hub does not know to be well on the release after all patience. */
async function verified({ hub, clusters }: Scene, number: number, sinceMs: number) {
  const goal = { instances: clusters, release: number, timeoutMs: PATIENCE_MS };
  await untilAllSynced(hub.api, goal).catch(() => undefined);
  const verifiedMs = nowMs() - sinceMs;
  return { verifiedMs, missed: await countMissed(hub.api, goal) };
}
