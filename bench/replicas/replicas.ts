// B11: two hub replicas on one Postgres and one Redis behind a balancer; one is killed while a release fans out.
import { setTimeout as pause } from 'node:timers/promises';
import { startRedis } from '../../test/support/redis.ts';
import { ProcessSet } from '../../test/support/process-set.ts';
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { countMissed, refresh, untilAllSynced } from '../content/fleet-progress.ts';
import { releaseFiles, smallApplication } from '../content/small-applications.ts';
import { watchOthers } from '../measure/other-load.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';
import { bringFirstRelease } from '../scene/first-release.ts';
import { enrolFleet, SIMULATED_AGENTS, type Scene } from '../scene/simulated-scene.ts';
import { Balancer } from './balancer.ts';

const APPLICATION = smallApplication(0);
const APPLY_MS = 500;
/** After the release was made: rings and reports are under way. */
const KILL_AFTER_MS = 100;
/** Less than the five minutes after which an agent may look by itself. */
const PATIENCE_MS = 180_000;
/** Until agents have noticed that their connections are closed. */
const NOTICE_MS = 1_000;

/** The benchmark. */
export const replicas: Benchmark = {
  name: 'replicas',
  title: 'B11: two hub replicas on Redis; kill -9 of one while a release fans out',
  simulated: [
    ...SIMULATED_AGENTS,
    'The replicas are two processes on this machine with one Postgres and one Redis; a small TCP balancer of the benchmark gives connections to both in turn. Each replica is killed once, 0.1 s after a release was made; the lost ones are those that do not have it after three minutes, well before agents look by themselves.',
  ],
  targets: [100, 1_000].flatMap((clusters) => {
    const atMost = (figure: string, value: number) =>
      ({ load: loadOf(clusters).name, figure, bound: 'AT_MOST', value }) as const;
    return [atMost('reconnectedMs', 15_000), atMost('lost', 0)];
  }),
  loads: ({ clusters }: Wishes) => (clusters === undefined ? [1_000] : [clusters]).map(loadOf),
  run: runOnce,
};

function loadOf(clusters: number): Load {
  return { name: `${clusters} clusters`, parameters: { clusters, replicas: 2, killAfterMs: KILL_AFTER_MS } };
}

interface Replicas extends Pick<Scene, 'repository' | 'fleet' | 'clusters' | 'enrolMs' | 'processes'> {
  readonly hubs: readonly [BenchHub, BenchHub];
  readonly balancer: Balancer;
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0 } = parameters;
  await using stack = new AsyncDisposableStack();
  const scene = await openReplicas(stack, clusters);
  const [first, second] = scene.hubs;
  context.say(`${clusters} agents connected to two replicas in ${Math.round(scene.enrolMs)} ms`);
  const asScene = { hub: first, say: context.say, [Symbol.asyncDispose]: () => Promise.resolve() };
  await bringFirstRelease({ ...scene, ...asScene });
  const samples: Figures[] = [];
  for (const [index, [killed, left]] of [[second, first] as const, [first, second] as const].entries()) {
    context.signal.throwIfAborted();
    const figures = await killDuringRelease(scene, { killed, left, release: index + 2 });
    context.say(`a replica was killed: all back after ${Math.round(figures.reconnectedMs)} ms`);
    samples.push({ ...figures, enrolMs: scene.enrolMs });
    await killed.restart();
  }
  return samples;
}

async function openReplicas(stack: AsyncDisposableStack, clusters: number): Promise<Replicas> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const processes = new ProcessSet('bench-replicas');
  stack.defer(() => processes.close());
  const repository = await BenchRepository.make(processes.folder);
  const settings = {
    FAIRLEAD_GIT_INTERVAL: '1h',
    FAIRLEAD_LOG_LEVEL: 'warn',
    FAIRLEAD_REDIS_URL: redis.url,
    FAIRLEAD_SECRET_KEY: 'secret-key-of-the-benchmark-0001',
    FAIRLEAD_FILE_REPOSITORIES: processes.folder,
  };
  const first = await startBenchHub(processes, { settings });
  stack.defer(() => first.stop());
  const { adminToken, database } = first;
  const second = await startBenchHub(processes, { name: 'hub-2', settings, adminToken, database });
  stack.defer(() => second.stop());
  const balancer = await Balancer.start([first.port, second.port]);
  stack.defer(() => balancer.stop());
  const { fleet, enrolMs } = await enrolFleet(first.api, balancer.url, { clusters, applyMs: APPLY_MS });
  stack.defer(() => fleet.stop());
  return { processes, repository, fleet, clusters, enrolMs, hubs: [first, second], balancer };
}

interface Kill {
  readonly killed: BenchHub;
  readonly left: BenchHub;
  readonly release: number;
}

async function killDuringRelease(
  { repository, fleet, clusters, balancer }: Replicas,
  { killed, left, release }: Kill,
) {
  const others = watchOthers();
  await repository.commit(releaseFiles([APPLICATION], release), `release ${release}`);
  const startedAtMs = nowMs();
  await refresh(left.api, APPLICATION.name);
  await pause(KILL_AFTER_MS);
  await killed.kill();
  const killedAtMs = nowMs();
  const goal = { instances: clusters, release, timeoutMs: PATIENCE_MS };
  const synced = untilAllSynced(left.api, goal).catch(() => undefined);
  await until('the balancer to notice', () => balancer.countOf(killed.port) === 0);
  await pause(NOTICE_MS);
  const areAllBack = async () => (await fleet.doorbells()).length === clusters;
  await until('all agents to be connected', areAllBack, { timeoutMs: PATIENCE_MS, intervalMs: 100 });
  const reopened = (await fleet.doorbells()).filter((at) => at >= killedAtMs).map((at) => at - killedAtMs);
  await synced;
  return {
    reconnectedMs: Math.max(0, ...reopened),
    reconnectedAgents: reopened.length,
    commitToReportedMs: nowMs() - startedAtMs,
    lost: await countMissed(left.api, goal),
    coresBusyForOthers: others(),
  };
}
