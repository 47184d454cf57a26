// B5 and part of B8: releases go through a fleet in waves, alone and many at once, also while a tenth of it is silent. How
// long from the commit until the hub has verified the release, and whether it ever says what nobody proved.
import { ProcessSet } from '../../test/support/process-set.ts';
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';
import { SimulatedFleet } from '../agents/simulated-fleet.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { BenchRepository } from '../content/bench-repository.ts';
import { inviteClusters, saveApplications, type PlainApplication } from '../content/fleet-setup.ts';
import { describeMachine, openFilesProblem } from '../measure/machine.ts';
import { watchOthers } from '../measure/other-load.ts';
import { startBenchHub, type BenchHub } from '../programs/bench-hub.ts';
import { percentile } from '../report/statistics.ts';
import { untilRolledOut, type EndedRollout } from './follow-rollouts.ts';
import { applications, describeWaves, manifests } from './staged-content.ts';

const APPLY_MS = 500;
const AGENT_PROCESSES = 2;
const FILES_PER_AGENT = 3;
const REFRESHES_AT_ONCE = 8;
// Silence shows sooner than by default, so that a run takes minutes.
const SILENCE = { FAIRLEAD_STALE_AFTER: '10s', FAIRLEAD_OFFLINE_AFTER: '20s' };

/** The benchmark. */
export const staged: Benchmark = {
  name: 'staged',
  title: 'B5: releases in waves of 20, 30 and 50 % of the clusters, half of a wave at a time',
  simulated: [
    'The agents are simulated: real on the wire, in two processes beside the hub, without a disk.',
    `Each apply is a pause of ${APPLY_MS} ms; there is no Kubernetes, and a cluster is healthy once it is applied.`,
    'Hub, embedded Postgres (fsync on) and all agents share this one machine and its loopback.',
    'Where clusters are silent, their agents were ended before the commit; STALE shows after 10 s and OFFLINE after 20 s of silence (90 s and 5 min by default). None of them flaps, is slow or comes back.',
  ],
  targets: [
    {
      load: loadOf({ clusters: 1_000, rollouts: 1 }).name,
      figure: 'rolloutP90Ms',
      bound: 'AT_MOST',
      value: 10_000,
    },
    {
      load: loadOf({ clusters: 1_000, rollouts: 1, silentPercent: 10 }).name,
      figure: 'wrongGreen',
      bound: 'AT_MOST',
      value: 0,
    },
  ],
  loads: ({ clusters = 1_000, applications: rollouts }: Wishes) =>
    rollouts === undefined
      ? [
          { clusters, rollouts: 1 },
          { clusters, rollouts: 1, silentPercent: 10 },
        ].map(loadOf)
      : [loadOf({ clusters, rollouts })],
  run: runOnce,
};

interface Size {
  readonly clusters: number;
  readonly rollouts: number;
  readonly silentPercent?: number;
}

function loadOf({ clusters, rollouts, silentPercent = 0 }: Size): Load {
  const silence = silentPercent > 0 ? `, ${silentPercent} % silent` : '';
  const name = `${clusters} clusters, ${rollouts} at once${silence}`;
  return { name, parameters: { clusters, rollouts, silentPercent, applyMs: APPLY_MS } };
}

async function runOnce({ parameters }: Load, context: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, rollouts = 1, silentPercent = 0 } = parameters;
  const problem = openFilesProblem(describeMachine().openFilesLimit, clusters * FILES_PER_AGENT + 500);
  if (problem !== undefined) throw new Error(problem);
  await using stack = new AsyncDisposableStack();
  const processes = new ProcessSet('bench-staged');
  stack.defer(() => processes.close());
  const settings = { FAIRLEAD_GIT_INTERVAL: '1h', FAIRLEAD_LOG_LEVEL: 'warn', ...SILENCE };
  const hub = await startBenchHub(processes, { settings });
  stack.defer(() => hub.stop());
  await describeWaves(hub.api);
  const silent = Math.round((clusters * silentPercent) / 100);
  const heard = await enrol(hub, 'bench', clusters - silent);
  stack.defer(() => heard.stop());
  const away = silent > 0 ? await enrol(hub, 'bench-silent', silent) : undefined;
  const [repository, all] = [await BenchRepository.make(processes.folder), applications(rollouts)];
  const followed = { hub, repository, all, clusters, silent };
  await prepare(followed);
  context.say(`release 1 is verified for ${rollouts} applications on ${clusters} clusters`);
  const silence = away ? await fallSilent(hub, away, silent) : {};
  return [{ ...(await follow(followed)), ...silence }];
}

/** The first release goes out here and is not measured: it also makes the instances. */
async function prepare({ hub, repository, all }: Followed): Promise<void> {
  await repository.commit(manifests(all, 1), 'release 1');
  await saveApplications(hub.api, repository.url, all);
  await untilRolledOut(hub.api, all, 1);
}

async function enrol(hub: BenchHub, namePrefix: string, count: number): Promise<SimulatedFleet> {
  const joinToken = await inviteClusters(hub.api, 'bench-*', count);
  const plan = { hubUrl: hub.api.url, joinToken, count, applyMs: APPLY_MS, namePrefix };
  return SimulatedFleet.start(plan, AGENT_PROCESSES);
}

/** How long until the hub says of each ended agent that it is STALE, and OFFLINE; the rollout begins after that. */
async function fallSilent(hub: BenchHub, away: SimulatedFleet, silent: number): Promise<Figures> {
  away.stop();
  const startedAt = nowMs();
  const untilShown = async (...states: readonly string[]): Promise<number> => {
    await until(
      `${silent} clusters to be ${states[0]}`,
      async () => (await countClusters(hub, states)) >= silent,
      {
        timeoutMs: 120_000,
      },
    );
    return nowMs() - startedAt;
  };
  return {
    silentToStaleMs: await untilShown('STALE', 'OFFLINE'),
    silentToOfflineMs: await untilShown('OFFLINE'),
  };
}

async function countClusters(hub: BenchHub, states: readonly string[]): Promise<number> {
  let [count, after]: [number, string | null] = [0, null];
  do {
    const { clusters }: ClustersAnswer = await hub.api.ask<ClustersAnswer>(CLUSTERS, { states, after });
    count += clusters.nodes.length;
    after = clusters.pageInfo.hasNextPage ? clusters.pageInfo.endCursor : null;
  } while (after !== null);
  return count;
}

const CLUSTERS = /* GraphQL */ `
  query ($states: [ConnectionState!], $after: String) {
    clusters(connectionState: $states, first: 100, after: $after) {
      nodes {
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface ClustersAnswer {
  readonly clusters: {
    readonly nodes: readonly { readonly name: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Followed {
  readonly hub: BenchHub;
  readonly repository: BenchRepository;
  readonly all: readonly PlainApplication[];
  readonly clusters: number;
  readonly silent: number;
}

async function follow({ hub, repository, all, clusters, silent }: Followed): Promise<Figures> {
  await repository.commit(manifests(all, 2), 'release 2');
  const before = await hub.use();
  const others = watchOthers();
  const startedAt = nowMs();
  const [ended] = await Promise.all([untilRolledOut(hub.api, all, 2), refreshAll(hub, all)]);
  const coresBusyForOthers = others();
  const after = await hub.use();
  const targets = clusters * all.length;
  const spent = (name: 'hubCpuSeconds' | 'databaseCpuSeconds' | 'databaseWalBytes') =>
    after[name] - before[name];
  return {
    commitToLastMs: Math.max(...ended.map(({ finishedAtMs }) => finishedAtMs)) - startedAt,
    rolloutP50Ms: percentile(
      ended.map(({ rolloutMs }) => rolloutMs),
      0.5,
    ),
    rolloutP90Ms: percentile(
      ended.map(({ rolloutMs }) => rolloutMs),
      0.9,
    ),
    wrongGreen: wronglyReady(ended, clusters - silent),
    hubCpuMsPerTarget: (spent('hubCpuSeconds') * 1_000) / targets,
    databaseCpuMsPerTarget: (spent('databaseCpuSeconds') * 1_000) / targets,
    walBytesPerTarget: spent('databaseWalBytes') / targets,
    coresBusyForOthers,
  };
}

/** Clusters that the hub counts as ready though their agents are gone, over all rollouts. */
function wronglyReady(ended: readonly EndedRollout[], heard: number): number {
  return ended.reduce((sum, { ready }) => sum + Math.max(0, ready - heard), 0);
}

async function refreshAll(hub: BenchHub, all: readonly PlainApplication[]): Promise<void> {
  const operation =
    'mutation ($name: String!) { refreshApplication(name: $name) { refusal { code message reasons } } }';
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await hub.api.change('refreshApplication', operation, { name: next.name });
    }
  };
  await Promise.all(Array.from({ length: REFRESHES_AT_ONCE }, worker));
}
