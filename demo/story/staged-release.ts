// The fourth chapter: a good release meets a freeze in the middle of its rollout, and a cluster that is away.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import type { Look } from '../narrator.ts';
import { agentProgram } from '../programs/agent-program.ts';
import { followRelease, type ReleaseFacts } from './follow-release.ts';
import { PromotionTeller, type PromotionView } from './promotion-teller.ts';
import { APPLICATION, type Stage } from './stage.ts';

const CREATE_FREEZE = /* GraphQL */ `
  mutation Freeze($input: FreezeInput!) {
    createFreeze(input: $input) {
      freeze {
        id
      }
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const END_FREEZE = /* GraphQL */ `
  mutation EndFreeze($id: ID!) {
    endFreeze(id: $id, reason: "the sale is over") {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const FREEZES = /* GraphQL */ `
  query Freezes {
    freezes(active: true) {
      nodes {
        id
      }
    }
  }
`;

const WAVES = /* GraphQL */ `
  query Waves($filter: PromotionFilter!) {
    promotions(filter: $filter, first: 1) {
      nodes {
        waves {
          targets(first: 100) {
            nodes {
              cluster {
                name
              }
            }
          }
        }
      }
    }
  }
`;

interface PlannedWaves {
  readonly waves: readonly {
    readonly targets: { readonly nodes: readonly { readonly cluster: { readonly name: string } }[] };
  }[];
}

const CONNECTION = /* GraphQL */ `
  query Connection($name: String!) {
    cluster(name: $name) {
      connectionState
    }
  }
`;

/** What an earlier start was stopped in the middle of must not stand in this one's way. */
export async function endFreezes({ api }: Stage): Promise<void> {
  const { freezes } = await api.ask<{ freezes: { nodes: { id: string }[] } }>(FREEZES);
  for (const { id } of freezes.nodes) await api.change('endFreeze', END_FREEZE, { id });
}

/**
 * Takes the prod cluster away that got the release last: the canary, which joined first, is one that nobody can do
 * without. Undefined where there is but one.
 */
export async function takeAway(stage: Stage, { number }: ReleaseFacts): Promise<DemoCluster | undefined> {
  const { api, clusters, programs, narrator } = stage;
  if (clusters.filter(({ environment }) => environment === 'prod').length === 1) return undefined;
  const filter = { application: APPLICATION, environment: 'prod', release: number };
  const { promotions } = await api.ask<{ promotions: { nodes: PlannedWaves[] } }>(WAVES, { filter });
  const order = promotions.nodes.flatMap(({ waves }) => waves.flatMap(({ targets }) => targets.nodes));
  const cluster = clusters.find(({ name }) => name === order.at(-1)?.cluster.name);
  if (cluster === undefined) throw new Error('the rollout through prod has no clusters');
  await programs.stopOne(`agent-${cluster.name}`);
  narrator.say(`${cluster.name} loses its agent`);
  return cluster;
}

/** Through all environments; in prod with the freeze, and without `away`, which catches up when it is back. */
export async function stagedRelease(
  stage: Stage,
  release: ReleaseFacts,
  away: DemoCluster | undefined,
): Promise<void> {
  await followRelease(stage, release, ['dev', 'staging']);
  if (away !== undefined) await seeOffline(stage, away);
  const teller = new PromotionTeller(stage, 'prod', release.number);
  await freezeInTheMiddle(stage, teller);
  await stage.narrator.tell({
    what: `release ${release.number} is verified in prod`,
    deadlineMs: stage.patienceMs,
    work: async (waitFor) => {
      await waitFor(async () => until(await teller.look(), ({ state }) => state === 'SUCCEEDED'));
      const without = away === undefined ? '' : `, without ${away.name}`;
      return `release ${release.number} is verified in prod${without}`;
    },
  });
  if (away !== undefined) {
    stage.programs.start(agentProgram(away, stage.folder, { hubUrl: stage.api.url, joinToken: undefined }));
    stage.narrator.say(`${away.name} has its agent again`);
  }
  await followRelease(stage, release, ['prod'], teller);
}

async function seeOffline({ api, narrator, patienceMs }: Stage, { name }: DemoCluster): Promise<void> {
  await narrator.tell({
    what: `${name} is missed`,
    deadlineMs: patienceMs,
    work: (waitFor) =>
      waitFor(async () => {
        const { cluster } = await api.ask<{ cluster: { connectionState: string } }>(CONNECTION, { name });
        const { connectionState } = cluster;
        if (connectionState !== 'OFFLINE') return { waitingOn: `${name} is ${connectionState}` };
        return { done: `${name} was not heard for seconds: it is OFFLINE` };
      }),
  });
}

/**
 * The freeze comes while the canary bakes, or before the rollout where one cluster is all of prod, and ends once the
 * promotion is seen to wait for it.
 */
async function freezeInTheMiddle(stage: Stage, teller: PromotionTeller): Promise<void> {
  const { api, narrator, patienceMs } = stage;
  const hasWaves = stage.clusters.filter(({ environment }) => environment === 'prod').length > 1;
  const what = hasWaves ? 'a freeze in the middle of the rollout' : 'a freeze before the rollout';
  const id = await narrator.find({
    what,
    deadlineMs: patienceMs,
    work: async (waitFor) => {
      await waitFor(async () => until(await teller.look(), ({ state }) => !hasWaves || state === 'ROLLING'));
      return freeze(stage);
    },
    say: () => `prod is frozen${hasWaves ? ' while its canary bakes' : ''}: a sale begins`,
  });
  await narrator.tell({
    what,
    deadlineMs: patienceMs,
    work: async (waitFor) => {
      await waitFor(async () => until(await teller.look(), waitsForTheFreeze));
      await api.change('endFreeze', END_FREEZE, { id });
      return `the release stood still ${hasWaves ? 'after its canary' : 'before prod'} and said why; the freeze is over`;
    },
  });
}

function waitsForTheFreeze({ state, waitingOn }: PromotionView): boolean {
  if (state === 'SUCCEEDED') throw new Error('the rollout went through the freeze');
  return waitingOn.some(({ kind }) => kind === 'FREEZE');
}

function until(
  promotion: PromotionView | undefined,
  isThere: (promotion: PromotionView) => boolean,
): Look<PromotionView> {
  if (promotion !== undefined && isThere(promotion)) return { done: promotion };
  return { waitingOn: promotion?.explanation.join('; ') ?? 'no promotion' };
}

async function freeze({ api }: Stage): Promise<string> {
  const input = { reason: 'a sale', environment: 'prod' };
  const { freeze: made } = await api.change<{ freeze: { id: string } }>('createFreeze', CREATE_FREEZE, {
    input,
  });
  return made.id;
}
