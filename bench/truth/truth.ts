// B8: what the hub says while a part of the fleet is silent, comes and goes, or is slow, during a rollout in waves.
import { nowMs } from '../agents/fleet-messages.ts';
import type { SimulatedFleet } from '../agents/simulated-fleet.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { countMissed, untilAllSynced } from '../content/fleet-progress.ts';
import { watchOthers } from '../measure/other-load.ts';
import {
  bringFirstRelease,
  enrol,
  openRolloutScene,
  rollOut,
  type RolloutScene,
} from '../staged/rollout-scene.ts';
import { untilSilent } from './connection-states.ts';
import { watchSilent } from './silent-claims.ts';

const APPLY_MS = 500;
const SLOW_APPLY_MS = 5_000;
const SILENT_SHARE = 0.1;
const FLAPPING_SHARE = 0.05;
const SLOW_SHARE = 0.02;
/** Each flapping agent is away for a few seconds about every ten, and for some of them longer than STALE_AFTER. */
const FLAP = { everyMs: 200, absentMs: 12_000 };
// Silence shows sooner than by default, so that a run takes minutes.
const STALE_AFTER_MS = 10_000;
const SILENCE = { FAIRLEAD_STALE_AFTER: `${STALE_AFTER_MS}ms`, FAIRLEAD_OFFLINE_AFTER: '20s' };
const RETURN_WITHIN_MS = 1_000;
const RELEASE = 2;

/** The benchmark. */
export const truth: Benchmark = {
  name: 'truth',
  title:
    'B8: a rollout in three waves while 10 % of the clusters are silent, 5 % come and go and 2 % are slow',
  simulated: [
    'The agents are simulated: real on the wire, in processes beside the hub, without a disk.',
    `Each apply is a pause of ${APPLY_MS} ms, of ${SLOW_APPLY_MS} ms on slow clusters; there is no Kubernetes.`,
    `The silent agents were ended before the commit, and begin anew when the rollout has ended. STALE shows after 10 s and OFFLINE after 20 s of silence (90 s and 5 min by default).`,
    `Agents that come and go are killed again and again at random, stay away for up to ${FLAP.absentMs / 1_000} s, and begin anew with nothing but their credential.`,
    'A rollout that has not ended after ten minutes fails the benchmark: no wave may be blocked.',
    'Wrong green: instances of silent clusters that the hub shows on the new release or without saying that they are not heard, looked at four times a second; those that it calls SYNCED at the end; and targets that it counts as ready beyond the agents that have reported the release.',
  ],
  targets: [
    { load: loadOf(1_000).name, figure: 'wrongGreen', bound: 'AT_MOST', value: 0 },
    { load: loadOf(1_000).name, figure: 'staleLateMs', bound: 'AT_MOST', value: 1_000 },
    { load: loadOf(1_000).name, figure: 'catchUpMs', bound: 'AT_MOST', value: 10_000 },
    { load: loadOf(1_000).name, figure: 'missed', bound: 'AT_MOST', value: 0 },
  ],
  loads: ({ clusters = 1_000 }: Wishes) => [loadOf(clusters)],
  run: runOnce,
};

function loadOf(clusters: number): Load {
  const [silent, flapping, slow] = [SILENT_SHARE, FLAPPING_SHARE, SLOW_SHARE].map((share) =>
    Math.round(clusters * share),
  );
  const parts = { silent: silent ?? 0, flapping: flapping ?? 0, slow: slow ?? 0 };
  return { name: `${clusters} clusters`, parameters: { clusters, ...parts, applyMs: APPLY_MS } };
}

interface Fleets {
  readonly silent: SimulatedFleet;
  readonly flapping: SimulatedFleet;
  /** Those and the steady and slow ones. */
  readonly heard: readonly SimulatedFleet[];
}

interface Counts {
  readonly clusters: number;
  readonly silent: number;
  readonly flapping: number;
  readonly slow: number;
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, silent = 0, flapping = 0, slow = 0 } = parameters;
  const counts = { clusters, silent, flapping, slow };
  await using stack = new AsyncDisposableStack();
  const wishes = { label: 'truth', clusters, rollouts: 1, settings: SILENCE };
  const scene = await openRolloutScene(stack, wishes);
  const fleets = await enrolAll(stack, scene, counts);
  await bringFirstRelease(scene);
  await fleets.silent.killAll();
  const silence = await untilSilent(scene.hub.api, silent);
  const staleLateMs = Math.max(0, silence.silentToStaleMs - STALE_AFTER_MS);
  context.say(`${silent} clusters are OFFLINE; ${flapping} begin to come and go`);
  const rollout = await rollOutAmidFlapping(scene, fleets, counts);
  context.say('the rollout has ended; the silent clusters return');
  return [{ ...silence, staleLateMs, ...rollout, ...(await catchUp(scene, fleets, clusters)) }];
}

async function enrolAll(stack: AsyncDisposableStack, scene: RolloutScene, counts: Counts): Promise<Fleets> {
  const { clusters, silent, flapping, slow } = counts;
  const enrolSome = (kind: string, count: number, applyMs = APPLY_MS, processes = 1) =>
    enrol(stack, scene, { kind, count, applyMs, processes });
  const steady = await enrolSome('steady', clusters - silent - flapping - slow, APPLY_MS, 2);
  const [slowOnes, comeAndGo] = [
    await enrolSome('slow', slow, SLOW_APPLY_MS),
    await enrolSome('flapping', flapping),
  ];
  const heard = [steady, slowOnes, comeAndGo];
  return { silent: await enrolSome('silent', silent), flapping: comeAndGo, heard };
}

async function rollOutAmidFlapping(
  scene: RolloutScene,
  { flapping, heard }: Fleets,
  { silent }: Counts,
): Promise<Figures> {
  for (const fleet of heard) await fleet.expect({ release: RELEASE, instances: 1 });
  const silentOnes = { selector: 'kind=silent', count: silent, release: RELEASE };
  const endWatch = watchSilent(scene.hub.api, silentOnes);
  flapping.churn(FLAP);
  const [others, startedAt] = [watchOthers(), nowMs()];
  const [ended] = await rollOut(scene, RELEASE);
  const coresBusyForOthers = others();
  const { wrong, syncedAtEnd, looks } = await endWatch();
  const flaps = await flapping.endChurn();
  if (!ended) throw new Error('no rollout ended');
  const reported = await Promise.all(heard.map((fleet) => fleet.settledSoFar()));
  const unproven = Math.max(0, ended.ready - reported.reduce((sum, count) => sum + count, 0));
  return {
    commitToVerifiedMs: ended.finishedAtMs - startedAt,
    wrongGreen: wrong + syncedAtEnd + unproven,
    looks,
    readyTargets: ended.ready,
    offlineTargets: ended.offline,
    flaps,
    coresBusyForOthers,
  };
}

/** From the first dial of the silent ones until the hub has seen every cluster well on the release. */
async function catchUp({ hub }: RolloutScene, { silent }: Fleets, clusters: number): Promise<Figures> {
  const [startedAt, goal] = [nowMs(), { instances: clusters, release: RELEASE, timeoutMs: 120_000 }];
  await silent.startAll(RETURN_WITHIN_MS);
  await untilAllSynced(hub.api, goal).catch(() => undefined);
  return { catchUpMs: nowMs() - startedAt, missed: await countMissed(hub.api, goal) };
}
