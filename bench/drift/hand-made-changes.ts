// What people do, one change after the other, and how long it takes until it is healed and until the hub has it.
import type { HubApi } from '../../demo/hub-api.ts';
import type { ControlPlane } from '../../test/support/control-plane.ts';
import { until } from '../../test/support/until.ts';
import type { Figures, RunContext } from '../benchmark.ts';
import type { BenchHub } from '../programs/bench-hub.ts';
import { percentile } from '../report/statistics.ts';
import { CHANGED_DEPLOYMENTS, changedApplication, IMAGE, nameOf, REPLICAS } from './changed-content.ts';

const ROUNDS = 3;
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const LOOK = { timeoutMs: 60_000, intervalMs: 5 };
const ORDINALS = ['first', 'second', 'third'];

/** Where people work. */
export interface Workplace {
  readonly hub: BenchHub;
  readonly plane: ControlPlane;
  readonly context: RunContext;
}

interface Deployment {
  readonly metadata: { readonly uid: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/** One way to change a Deployment, and whether a read shows it as Git says. */
interface Change {
  readonly kind: string;
  readonly make: (plane: ControlPlane, path: string) => Promise<unknown>;
  readonly isHealed: (now: Deployment, before: Deployment) => boolean;
}

interface Times {
  readonly kind: string;
  readonly round: number;
  readonly healedMs: number;
  readonly storedMs: number;
}

const CHANGES: readonly Change[] = [
  {
    kind: 'edit',
    make: ({ api }, path) => {
      const containers = [{ name: 'web', image: 'registry.example/web:by-hand' }];
      const patch = { spec: { template: { spec: { containers } } } };
      return api('PATCH', `${path}?fieldManager=kubectl-edit`, patch, STRATEGIC);
    },
    isHealed: ({ spec }) => spec.template.spec.containers[0]?.image === IMAGE,
  },
  {
    kind: 'scale',
    make: ({ api }, path) =>
      api('PATCH', `${path}/scale?fieldManager=kubectl`, { spec: { replicas: REPLICAS + 1 } }, MERGE),
    isHealed: ({ spec }) => spec.replicas === REPLICAS,
  },
  {
    kind: 'delete',
    make: ({ api }, path) => api('DELETE', path),
    isHealed: ({ metadata }, before) => metadata.uid !== before.metadata.uid,
  },
];

/** 51 changes of each kind; every field is changed three times. */
export async function measureChanges(place: Workplace): Promise<Figures> {
  const times: Times[] = [];
  for (const change of CHANGES) {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let index = 0; index < CHANGED_DEPLOYMENTS; index += 1) {
        times.push(await measureOne(place, change, { round, index }));
      }
    }
    const { [`${change.kind}HealedP50Ms`]: healed } = figuresOf(times, change.kind);
    place.context.say(`${change.kind}: healed after ${Math.round(healed ?? 0)} ms (p50)`);
    place.context.signal.throwIfAborted();
  }
  return {
    ...CHANGES.map(({ kind }) => figuresOf(times, kind)).reduce((all, figures) => ({ ...all, ...figures })),
    ...ORDINALS.map((ordinal, round) => roundFigures(times, ordinal, round)).reduce((all, figures) => ({
      ...all,
      ...figures,
    })),
  };
}

async function measureOne(
  { hub, plane }: Workplace,
  change: Change,
  { round, index }: { readonly round: number; readonly index: number },
): Promise<Times> {
  const path = `/apis/apps/v1/namespaces/${changedApplication.namespace}/deployments/${nameOf(index)}`;
  const before = (await plane.api<Deployment>('GET', path)).body;
  const lastEpisode = await newestEnd(hub.api);
  await change.make(plane, path);
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  const isHealed = async () => {
    const { status, body } = await plane.api<Deployment>('GET', path);
    return status === 200 && change.isHealed(body, before);
  };
  const [healedMs, storedMs] = await Promise.all([
    until(`the ${change.kind} to be healed`, isHealed, LOOK).then(since),
    until(
      `the hub to have the ${change.kind}`,
      async () => (await newestEnd(hub.api)) !== lastEpisode,
      LOOK,
    ).then(since),
  ]);
  return { kind: change.kind, round, healedMs, storedMs };
}

const EPISODES = /* GraphQL */ `
  query Newest($filter: DriftFilter) {
    driftEpisodes(filter: $filter, first: 1) {
      nodes {
        id
        closedAt
      }
    }
  }
`;

interface EpisodesAnswer {
  readonly driftEpisodes: {
    readonly nodes: readonly { readonly id: string; readonly closedAt: string | null }[];
  };
}

/** Which episode ended last, as the hub tells it. */
async function newestEnd(api: HubApi): Promise<string> {
  const filter = { application: changedApplication.name };
  const { driftEpisodes } = await api.ask<EpisodesAnswer>(EPISODES, { filter });
  const [newest] = driftEpisodes.nodes;
  return newest?.closedAt ? newest.id : '';
}

function figuresOf(times: readonly Times[], kind: string): Figures {
  const of = times.filter((each) => each.kind === kind);
  const healed = of.map(({ healedMs }) => healedMs);
  const stored = of.map(({ storedMs }) => storedMs);
  return {
    [`${kind}HealedP50Ms`]: percentile(healed, 0.5),
    [`${kind}HealedP95Ms`]: percentile(healed, 0.95),
    [`${kind}StoredP50Ms`]: percentile(stored, 0.5),
    [`${kind}StoredP95Ms`]: percentile(stored, 0.95),
  };
}

function roundFigures(times: readonly Times[], ordinal: string, round: number): Figures {
  const healed = times.filter((each) => each.round === round).map(({ healedMs }) => healedMs);
  return {
    [`${ordinal}HealedP50Ms`]: percentile(healed, 0.5),
    [`${ordinal}HealedP95Ms`]: percentile(healed, 0.95),
  };
}
